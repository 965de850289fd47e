*** Settings ***
Documentation    Every test here must fail, with a message that names the rule, and without telling a secret.

Resource         ../../../resources/concurrency.resource
Resource         ../../../resources/ledger.resource
Resource         ../../../resources/tokens.resource
Resource         ../../../resources/administration.resource


*** Test Cases ***
An Unexpected Status
    [Documentation]    The client fails by itself.
    ${player}    Create Player
    Reserve    ${player}    1 stone

An Unexpected Success
    [Documentation]    An expected refusal that does not come.
    ${player}    Create Player
    Read Inventory    ${player}    expect=401 token_expired

A Wrong Balance
    [Documentation]    What the API says is compared with what is expected.
    ${player}    Create Player Who Owns    3 stone
    Inventory Should Be    ${player}    4 stone

A Broken Law
    [Documentation]    A debt written straight into the ledger.
    ${player}    Create Player
    Add Items To The Ledger    ${player}    -5 stone    days_ago=1
    VAR    &{no_reads}    &{EMPTY}
    Ledgers Should Be Lawful    ${no_reads}    ${player}

A History Behind A Snapshot
    [Documentation]    Rows must not be written behind a snapshot.
    ${player}    Create Player With History    3 days ago: 5 stone
    Inventory Should Be    ${player}    5 stone
    Write History    ${player}    2 days ago: 1 stone

A Forgery That Is Let In
    [Documentation]    A good token is no forgery.
    ${player}    Create Player
    Header Should Be Refused    ${player}    Bearer TOKEN    401 invalid_token_signature

A Changed Token That Is Let In
    [Documentation]    Nothing is wrong with what is changed.
    ${player}    Create Player
    Token Should Be Refused    ${player}    401 token_expired    signed_by=target    exp=now + 60

Too Many Successes
    [Documentation]    Answers of many calls are counted.
    ${player}    Create Player Who Owns    5 stone
    ${reserves}    Prepare    6    Reserve    ${player}    1 stone
    ${answers}    Send Together    ${reserves}
    Answers Should Be    ${answers}    200=6

A Race Of Nothing
    [Documentation]    A keyword that sends nothing cannot be prepared.
    Prepare    2    Get Variable Value    ${PLAYER}

A Caller That Nobody Knows
    [Documentation]    Who calls is a player, a token, or a name that has a keyword.
    Send    GET    /inventory    by=STRANGER

Rows That Are Not There
    [Documentation]    What a call wrote is compared row by row.
    ${player}    Create Player
    ${operation}    Add Items    ${player}    3 stone
    Operation Should Have Rows    ${player}    ${operation}    chest_reward    2 stone in main

A Snapshot That Is Not There
    [Documentation]    Daily balances are exactly those that are named.
    ${player}    Create Player With History    3 days ago: 5 stone
    Snapshots Should Be    ${player}    yesterday: 5 stone

A Wrong Answer To Missing Items
    [Documentation]    What is missing is compared by variant.
    ${player}    Create Player Who Owns    1 stone
    Reserve    ${player}    3 stone    expect=400 insufficient_items
    Last Answer Should Lack    stone required=3 available=2

A Player Passed Through Keywords And Logs
    [Documentation]    However a token is handed around, its text is a fingerprint.
    ${player}    Create Player
    ${headers}    Auth Headers    ${player}
    Log    ${player} ${player.token} ${headers}
    Log Many    ${player}    ${headers}
    Hand Around    ${player.token}    ${headers}
    Log Variables
    Should Be Equal    ${player.token}    ${headers}


*** Keywords ***
Hand Around
    [Documentation]    Arguments of user keywords are logged.
    [Arguments]    ${token}    ${headers}
    VAR    ${copy}    ${token}
    Log    ${copy} ${headers}
    RETURN    ${copy}
