*** Settings ***
Documentation    Many hands on one player's items: additions, repeats and reads (laws 1, 4, 5, 6 and 7). The first
...              test contends with the other contention suites when they run at the same time.

Resource         ../../resources/contests.resource
Resource         ../../resources/administration.resource

Suite Setup      Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e    concurrency


*** Variables ***
${LOSE}    SEPARATOR=\n
...        for _, key in ipairs(redis.call('KEYS', '*' .. ARGV[1] .. '*')) do
...        if key ~= 'user_tokens:' .. ARGV[1] then redis.call('DEL', key) end end


*** Test Cases ***
Adjustments At One Instant Are Each In The Audit Log
    [Documentation]    4.9 S: twenty, each for a reason of its own.
    [Setup]    Run Keywords    Require Part    an administrator    AND    Give The Test A Player
    Skip Unless The Audit Log Is Told
    VAR    @{reasons}    @{{ [f"One of many at once, number {n}" for n in range(100, 120)] }}
    VAR    @{adjustments}    @{EMPTY}
    FOR    ${reason}    IN    @{reasons}
        ${one}    Prepare    1    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    reason=${reason}
        VAR    @{adjustments}    @{adjustments}    @{one}
    END
    ${answers}    Send Together    ${adjustments}
    Answers Should Be    ${answers}    200=20
    Audit Log Should Soon Have    @{reasons}

Contending Suites Leave A Lawful Ledger: Adding And Consuming
    [Documentation]    Law 1, law 2, law 3, law 4, under robot, pabot --processes 2 and 8, in any order.
    ${shared}    Join A Contest For One Player
    ${reserves}    Prepare    15    Reserve    ${shared}    3 stone
    ${additions}    Prepare    15    Add Items    ${shared}    1 stone    1 wood
    ${answers}    Send Together    ${reserves}    ${additions}
    Answers Should Be    ${answers}    200=30
    ${consumes}    Prepare Ends    Consume Reserve    ${shared}    ${reserves}
    ${answers}    Send Together    ${consumes}
    Answers Should Be    ${answers}    200=15
    [Teardown]    Leave The Contest

Every Addition Made At Once Is Counted
    [Documentation]    Law 1, law 5: no addition is lost.
    ${player}    Create Player
    ${additions}    Prepare    40    Add Items    ${player}    3 stone    1 keys/key
    ${answers}    Send Together    ${additions}
    Answers Should Be    ${answers}    200=40
    Requests Should Have Overlapped    ${answers}    3
    Inventory Should Be    ${player}    120 stone    40 keys/key

Sections And Players That Are Read At Once Are Told Apart
    [Documentation]    4.3 S, law 6: of balances that are of before today and of today.
    [Setup]    Require Part    database    disposable data
    ${one}    Player With Stones Of Before Today And Of Today    12    3
    ${other}    Player With Stones Of Before Today And Of Today    50    7
    ${first}    Prepare    10    Read Inventory    ${one}
    ${second}    Prepare    10    Read Inventory    ${one}    factory
    ${third}    Prepare    10    Read Inventory    ${other}
    ${fourth}    Prepare    10    Read Inventory    ${other}    factory
    ${answers}    Send Together    ${first}    ${second}    ${third}    ${fourth}
    ${told}    Quantities Told    ${answers}    stone
    Should Be True    $told == [12, 3, 50, 7] * 10    Of 12, 3, 50 and 7 stone, read in turn, were told ${told} (4.3)

The Same Addition Sent Many Times At Once Counts Once
    [Documentation]    4.11 H: all are answered with the same rows.
    [Tags]    hardening
    ${player}    Create Player
    ${operation}    New Id
    ${additions}    Prepare    12    Add Items    ${player}    5 stone    operation_id=${operation}
    ${answers}    Race    ${additions}
    Answers Should Be    ${answers}    200=12
    Answers Should Agree On    ${answers}    operation_ids
    Inventory Should Be    ${player}    5 stone

The Same Operation Id With Two Contents At Once Is Written Once
    [Documentation]    4.11 H: one content wins, the other is a conflict.
    [Tags]    hardening
    ${player}    Create Player
    ${operation}    New Id
    ${stones}    Prepare    6    Add Items    ${player}    5 stone    operation_id=${operation}
    ${woods}    Prepare    6    Add Items    ${player}    5 wood    operation_id=${operation}
    ${answers}    Race    ${stones}    ${woods}
    Answers Should Be    ${answers}    200=6    operation_conflict=6

The Same Operation Id For Two Players At Once Is One Player's
    [Documentation]    4.11 H: of calls that have all seen that the id is new.
    [Tags]    hardening
    [Setup]    Require Part    database    disposable data
    [Template]    Operation Should Be One Player's
    # one call    another player's
    Add Items    Add Items
    Reserve    Reserve
    Reserve    Add Items

What One Instance Acknowledged The Other Shows At Once
    [Documentation]    Law 6, across instances: no cache serves an older balance.
    ${player}    Create Player
    ${second}    Second Instance
    Inventory Should Be    ${player}    at=${second}
    Add Items    ${player}    5 stone
    Inventory Should Be    ${player}    5 stone    at=${second}
    Reserve    ${player}    2 stone    at=${second}
    Inventory Should Be    ${player}    3 stone
    Inventory Should Be    ${player}    2 stone    section=factory

First Reads Of Several Sections At One Instant Each Tell Their Own
    [Documentation]    5.1 S, law 1, law 7: before any of them has closed the day.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player
    VAR    @{reads}    @{EMPTY}
    FOR    ${section}    ${item}    IN    main    10 stone    factory    20 stone    trade    30 stone
        Write History    ${player}    3 days ago: ${item}    section=${section}
        ${read}    Prepare    1    Read Inventory    ${player}    ${section}
        VAR    @{reads}    @{reads}    ${read}
    END
    ${answers}    Send Together Before Any Row Is Written    @{reads}    table=inventory.daily_balances
    ${told}    Quantities Told    ${answers}    stone
    Should Be Equal    ${told}    ${{ [10, 20, 30] }}    What three sections have is told otherwise (law 1)

Balances Read While Others Write Never Leave The Possible Range
    [Documentation]    Law 2, law 7: between nothing and everything that was ever added.
    ${player}    Create Player Who Owns    20 stone
    ${reserves}    Prepare    20    Reserve    ${player}    1 stone
    ${reads}    Prepare    20    Read Inventory    ${player}
    ${answers}    Send Together    ${reserves}    ${reads}
    Answers Should Be    ${answers}    200=40
    Quantities Told Should Be Between    ${answers}    stone    0    20
    Inventory Should Be    ${player}

Calls At Once On A New Player Wait For One Another
    [Documentation]    Law 7, 4.1 S: whatever the call, contention is no reason to fail.
    ${player}    Create Player Who Owns    60 stone
    Each Call At Once Should Succeed    ${player}
    Inventory Should Be    ${player}    70 stone

Calls At Once On A Player With History Wait For One Another
    [Documentation]    Law 7, 4.1 S, 5.1 S: the first calls of the day, all at once.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    3 days ago: 50 stone    2 days ago: 10 stone
    Each Call At Once Should Succeed    ${player}
    Inventory Should Be    ${player}    70 stone
    Snapshots Should Be    ${player}    yesterday: 60 stone

Calls At Once On A Player With A Snapshot Wait For One Another
    [Documentation]    Law 7, 4.1 S, 5.1 S.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    3 days ago: 60 stone
    Inventory Should Be    ${player}    60 stone
    Each Call At Once Should Succeed    ${player}
    Inventory Should Be    ${player}    70 stone

Many Reservations At Once Of A Player With History Are Each Answered
    [Documentation]    Law 2, law 7: 40 at once, each of 1, against 25 of before today.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    9 days ago: 20 stone    2 days ago: 5 stone
    ${reserves}    Prepare    40    Reserve    ${player}    1 stone
    ${answers}    Send Together    ${reserves}
    Answers Should Be    ${answers}    200=25    insufficient_items=15
    Inventory Should Be    ${player}
    Inventory Should Be    ${player}    25 stone    section=factory

Many First Reads Of The Day At Once Are Each Answered
    [Documentation]    5.1 S, 4.3 S: 60 at one instance, of players whose yesterday is not closed yet.
    [Setup]    Require Part    database    disposable data
    ${instances}    Target Setting    instances
    VAR    @{reads}    @{EMPTY}
    FOR    ${_}    IN RANGE    4
        ${player}    Create Player With History    9 days ago: 20 stone    2 days ago: 5 stone
        ${own}    Prepare    15    Read Inventory    ${player}    at=${instances}[0]
        VAR    @{reads}    @{reads}    @{own}
    END
    ${answers}    Send Together    ${reads}
    Answers Should Be    ${answers}    200=60

Calls That Name Items In Another Order Do Not Block Each Other
    [Documentation]    Law 7, 4.1 S: pairs of calls that take or give back the same items in opposite orders.
    ${player}    Create Player Who Owns    40 stone    40 wood    40 ore
    ${one}    Prepare    15    Reserve    ${player}    1 stone    1 wood    1 ore
    ${other}    Prepare    15    Reserve    ${player}    1 ore    1 wood    1 stone
    ${adding}    Prepare    10    Add Items    ${player}    1 wood    1 stone
    ${answers}    Send Together    ${one}    ${other}    ${adding}
    Answers Should Be    ${answers}    200=40
    ${ends}    Prepare Ends    Return Reserve    ${player}    ${{ [*$one, *$other] }}
    ${answers}    Send Together    ${ends}
    Answers Should Be    ${answers}    200=30

Adjustments That Name Items In Another Order Do Not Block Each Other
    [Documentation]    Law 7, 4.1 S: nor reservations that do.
    ${player}    Create Player Who Owns    40 stone    40 wood
    ${up}    Prepare    10    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +1 stone    +1 wood
    ${down}    Prepare    10    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +1 wood    +1 stone
    ${reserves}    Prepare    10    Reserve    ${player}    1 wood    1 stone
    ${answers}    Send Together    ${up}    ${down}    ${reserves}
    Answers Should Be    ${answers}    200=30

First Calls Of A Day That Name Items In Another Order Do Not Block Each Other
    [Documentation]    Law 7, 4.1 S, 5.1 S: each may close yesterday for what it names; a new player each time.
    [Tags]    long
    [Setup]    Require Part    database    disposable data
    Repeat Keyword    2 times    First Calls Of A Day In Another Order Should Be Answered

Players Do Not Wait For One Another's Locks For Ever
    [Documentation]    Law 7, 4.1 S: calls on two players at once, each on both.
    ${first}    Create Player Who Owns    40 stone
    ${second}    Create Player Who Owns    40 stone
    ${here}    Prepare    15    Reserve    ${first}    1 stone
    ${there}    Prepare    15    Reserve    ${second}    1 stone
    ${answers}    Send Together    ${here}    ${there}
    Answers Should Be    ${answers}    200=30
    Inventory Should Be    ${first}    25 stone
    Inventory Should Be    ${second}    25 stone

Each Of Many Players Gets The Answer To Their Own Call
    [Documentation]    Law 7, 4.1 S, 4.4 S, 4.5 S: thirty at one instant, ten of whom ask for more than they have.
    [Tags]    long
    VAR    @{calls}    @{EMPTY}
    FOR    ${_}    IN RANGE    10
        ${good}    Create Player Who Owns    1 stone
        ${calls}[${{ len($calls) }}:]    Prepare    1    Reserve    ${good}    1 stone
        ${greedy}    Create Player Who Owns    1 stone
        ${calls}[${{ len($calls) }}:]    Prepare    1    Reserve    ${greedy}    2 stone
        ${new}    Create Player
        ${calls}[${{ len($calls) }}:]    Prepare    1    Add Items    ${new}    1 wood
    END
    ${answers}    Race    ${calls}
    Answers Should Be    ${answers}    200=20    insufficient_items=10
    Should Be Equal
    ...    ${{ [n for n, answer in enumerate($answers) if answer.status != 200] }}
    ...    ${{ list(range(1, 30, 3)) }}
    ...    Others than those who asked for too much were refused (4.5)

What Redis Loses Meanwhile Lets Nobody Spend Twice
    [Documentation]    Law 2, 5.3 S: whatever it keeps of the player is lost, again and again, while calls wait for the
    ...    ledger. Who is told of a failure has got nothing.
    [Tags]    long
    [Setup]    Run Keywords    Require Part    redis    database    disposable data
    ...    AND    Give The Test A Player Who Owns    1 stone
    ${reserves}    Prepare    6    Reserve    ${PLAYER}    1 stone
    ${answers}    Send Together Before Any Row Is Written
    ...    ${reserves}
    ...    meanwhile=Lose What Redis Keeps Of The Player
    ...    fail_on_5xx=False
    Should Be True    [answer.status for answer in $answers].count(200) <= 1
    ...    One stone was reserved more than once (law 2)


*** Keywords ***
Lose What Redis Keeps Of The Player
    [Documentation]    Deletes every key with ${PLAYER}'s name in it but the list of their tokens, for a second.
    VAR    ${end}    ${{ time.monotonic() + 1 }}
    Wait Until Keyword Succeeds    5 s    100 ms    Redis Should Have Lost The Player Until    ${end}

Redis Should Have Lost The Player Until
    [Documentation]    Fails until that time by the monotonic clock; the keys are deleted each time.
    [Arguments]    ${end}
    FOR    ${database}    IN    0    1
        Ask Redis    EVAL    ${LOSE}    0    ${PLAYER.user_id}    database=${database}
    END
    Should Be True    ${{ time.monotonic() }} >= ${end}

Player With Stones Of Before Today And Of Today
    [Documentation]    A player with so many in main and in factory; yesterday is closed, and cached if it ever is.
    [Arguments]    ${main}    ${factory}
    ${player}    Create Player With History    3 days ago: ${{ int($main) - 1 }} stone
    Write History    ${player}    3 days ago: 1 stone    section=factory
    Inventory Should Be    ${player}    ${{ int($main) - 1 }} stone
    Inventory Should Be    ${player}    1 stone    section=factory
    Add Items    ${player}    ${factory} stone
    Reserve    ${player}    ${{ int($factory) - 1 }} stone
    RETURN    ${player}

Operation Should Be One Player's
    [Documentation]    Fails unless of two players' calls under one operation id one is written, the other a conflict.
    [Arguments]    ${call}    ${another}
    ${one}    Create Player Who Owns    5 stone
    ${other}    Create Player Who Owns    5 stone
    ${operation}    New Id
    ${here}    Prepare    1    ${call}    ${one}    3 stone    operation_id=${operation}
    ${elsewhere}    Another Instance Or The Same
    ${there}    Prepare    1    ${another}    ${other}    3 stone    operation_id=${operation}    at=${elsewhere}
    ${answers}    Send Together Before Any Row Is Written    ${here}    ${there}
    Answers Should Be    ${answers}    200=1    operation_conflict=1

First Calls Of A Day In Another Order Should Be Answered
    [Documentation]    Fails unless calls that close yesterday at once, and name items in opposite orders, all succeed
    ...    and close it once (law 7, 5.1).
    VAR    @{closed}    40 stone    40 wood    40 ore
    ${player}    Create Player With History    @{{ ["5 days ago: " + one for one in $closed] }}
    ${one}    Prepare    6    Reserve    ${player}    1 stone    1 wood    1 ore
    ${other}    Prepare    6    Reserve    ${player}    1 ore    1 wood    1 stone
    ${adjusts}    Prepare    4    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +1 wood    +1 stone
    ${reads}    Prepare    4    Read Inventory    ${player}
    ${answers}    Race    ${one}    ${other}    ${adjusts}    ${reads}    table=inventory.daily_balances
    Answers Should Be    ${answers}    200=20
    Inventory Should Be    ${player}    32 stone    32 wood    28 ore
    Snapshots Should Be    ${player}    @{{ ["yesterday: " + one for one in $closed] }}

Each Call At Once Should Succeed
    [Documentation]    Adds 30, takes 10 by adjustments, and reserves, returns and consumes 10 each, in two rounds of
    ...    calls at one instant (law 7); reads take part.
    [Arguments]    ${player}
    ${reserves}    Prepare    20    Reserve    ${player}    1 stone
    ${additions}    Prepare    15    Add Items    ${player}    2 stone
    ${adjusts}    Prepare    10    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone
    ${reads}    Prepare    10    Read Inventory    ${player}
    ${answers}    Send Together    ${reserves}    ${additions}    ${adjusts}    ${reads}
    Answers Should Be    ${answers}    200=55
    ${returns}    Prepare Ends    Return Reserve    ${player}    ${reserves}[:10]
    ${consumes}    Prepare Ends    Consume Reserve    ${player}    ${reserves}[10:]
    ${answers}    Send Together    ${returns}    ${consumes}
    Answers Should Be    ${answers}    200=20
