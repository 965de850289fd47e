*** Settings ***
Documentation    Callers who send a call again, or hang up before it is answered, and those who come after them (laws 5
...              to 7, contract 4.4 to 4.9).

Resource         ../../resources/administration.resource
Resource         ../../resources/concurrency.resource
Resource         ../../resources/operations.resource

Suite Setup      Share One Administrator
Test Setup       Run Keywords    Require Part    database    disposable data    metrics
...                  AND    Give The Test A Player Who Owns    20 stone
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e    concurrency


*** Test Cases ***
A Reservation That Is Sent Again Is No Failure
    [Documentation]    4.1 S, 4.5 S: what it is answered then, only hardening has a rule for.
    [Setup]    Give The Test A Player Who Owns    20 stone
    # Nor does the ledger of such a player have to keep the laws without it, so none are asked for at the end.
    ${reserved}    Reserve    ${PLAYER}    2 stone
    ${added}    Add Items    ${PLAYER}    1 wood
    Leave Out Of Histories    ${PLAYER}
    Reserve    ${PLAYER}    2 stone    operation_id=${reserved}    expect=200|4xx
    Reserve    ${PLAYER}    2 stone    operation_id=${added}    expect=200|4xx
    Add Items    ${PLAYER}    1 wood    operation_id=${reserved}    expect=200|4xx
    Consume Reserve    ${PLAYER}    ${reserved}    expect=200|4xx
    Reserve    ${PLAYER}    2 stone    operation_id=${reserved}    expect=200|4xx
    [Teardown]    NONE

What Somebody Has Sent Before They Hung Up Is Nothing Of The Next Call
    [Documentation]    4.4 S, law 5: half a body, which ends in half a character.
    [Setup]    Give The Test A Player
    Three Should Send Half A Body
    # Theirs has arrived then. Where few are served at once, nobody may be answered meanwhile.
    Read Inventory    ${PLAYER}    expect=any
    Hang Up
    Add Items    ${PLAYER}    1 stone
    Inventory Should Be    ${PLAYER}    1 stone

Whose Body Is Waited For Holds Up Nobody
    [Documentation]    6.5 H: three have sent half of theirs, and others are answered meanwhile.
    [Tags]    hardening
    [Setup]    Give The Test A Player
    Three Should Send Half A Body
    Add Items    ${PLAYER}    1 stone
    Hang Up
    Inventory Should Be    ${PLAYER}    1 stone

A Call Under An Id That Is In Use Is No Failure
    [Documentation]    4.1 S, 4.4 S, 4.5 S: of the same player, of another and of an administrator; what it is answered,
    ...    only hardening has a rule for.
    [Setup]    Give The Test A Player Who Owns    20 stone
    ${reserved}    Reserve    ${PLAYER}    2 stone
    ${added}    Add Items    ${PLAYER}    1 wood
    ${other}    Create Player Who Owns    20 stone
    Leave Out Of Histories    ${PLAYER}
    Leave Out Of Histories    ${other}
    Add Items    ${PLAYER}    1 wood    operation_id=${added}    expect=200|4xx
    Add Items    ${other}    1 wood    operation_id=${added}    expect=200|4xx
    Reserve    ${other}    2 stone    operation_id=${reserved}    expect=200|4xx
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 ore    operation_id=${added}    expect=200|4xx
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 ore    operation_id=${added}    expect=200|4xx
    [Teardown]    NONE

An End Is Of What Was Reserved Whatever Else Has Its Id
    [Documentation]    4.6 S, 4.7 S, law 3: an addition is no reservation. Whether it is taken under an id that is in
    ...    use, only hardening says.
    [Setup]    NONE
    [Template]    Two Stones Should End By
    # the end    stones in main afterwards
    Return Reserve    20
    Consume Reserve    18
    [Teardown]    NONE

An End Is Of The Player's Own Reservation Though Another Has One Under Its Id
    [Documentation]    4.6 S, 4.7 S, law 3: whether two players may have one id, only hardening says.
    [Setup]    NONE
    [Template]    Own Reservation Should End By
    # the end    its player's stones in main afterwards, and the other's when theirs has ended too
    Return Reserve    20    20
    Consume Reserve    18    17
    [Teardown]    NONE

What Is In The Ledger Is Never Changed
    [Documentation]    Law 5, 4.4 S: what was acknowledged stays as it is in the ledger, to which is only added.
    [Setup]    Run Keywords    Require Part    database
    ...    AND    Give The Test A Player Who Owns    20 stone
    ${returned}    Reserve    ${PLAYER}    2 stone
    ${consumed}    Reserve    ${PLAYER}    3 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone
    ${before}    Rows Of Player    ${PLAYER}
    Return Reserve    ${PLAYER}    ${returned}
    Consume Reserve    ${PLAYER}    ${consumed}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone
    ${after}    Rows Of Player    ${PLAYER}
    VAR    ${gone}    ${{ list(set($before).difference($after)) }}
    Should Be Empty    ${gone}    Rows of the ledger were changed or removed (section 5): ${gone}

What Is Taken For Somebody Whom Nobody Knows Is Written Too
    [Documentation]    Law 5, 4.4 S, 4.9 S: or it is refused; that there is no such user may be found out late.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    VAR    ${nobody}    ${{ dataclasses.replace($PLAYER, user_id=str(uuid.uuid4())) }}
    Add Items    ${nobody}    2 stone    expect=200|4xx
    ${added}    Last Answer
    Ledger Should Have Rows    ${nobody}    ${{ 1 if $added.status == 200 else 0 }}
    Adjust Inventory    ${ADMINISTRATOR}    ${nobody}    +1 stone    expect=200|4xx
    ${adjusted}    Last Answer
    Ledger Should Have Rows    ${nobody}    ${{ [$added.status, $adjusted.status].count(200) }}

Nobody Waits For What A Caller Who Hung Up Has Begun
    [Documentation]    Law 7, 4.4 S, 4.5 S, 4.9 S: whatever it holds is given back, and the next call is answered.
    [Tags]    long
    [Template]    Next Call Should Be Answered Although Somebody Hung Up On
    # the call
    add-items
    reserve
    adjust

What A Caller Who Hung Up Has Written Is In The Next Read
    [Documentation]    Law 6, law 1: what was cached before is not told any more, of one day or of several.
    [Tags]    long
    [Setup]    Require Part    database    disposable data    metrics
    [Template]    Read Should Tell What Was Written For Whoever Hung Up On
    # the call    what the player had, and when
    add-items    today: 20 stone
    reserve    today: 20 stone
    add-items    3 days ago: 20 stone
    reserve    3 days ago: 20 stone
    adjust    3 days ago: 20 stone

A Call That Is Refused Is Not Written Whatever Follows On The Connection
    [Documentation]    4.2 H, law 5: what is no HTTP, right behind a call, may be refused, but not in its place.
    [Tags]    hardening
    [Setup]    NONE
    [Template]    Call Should Be Written Or Refused With This Behind It
    # what follows its body    the answer
    ${EMPTY}    200
    nonsense\r\n\r\n
    GET BASE/inventory HTTP/9.9\r\n\r\n
    GET BASE/inventory HTTP/1.1\r\nno header\r\n\r\n
    \x00\x00\x00\x00
    nonsense\r\n\r\n    later=True
    \x00    later=True
    [Teardown]    NONE


*** Keywords ***
Two Stones Should End By
    [Documentation]    Fails unless the end of a reservation of 2 stones takes 2 out of the factory, whether an addition
    ...    to it was taken under the same id or not; then it may be refused, and takes none (4.6, 4.7).
    [Arguments]    ${end}    ${left}
    ${player}    Create Player Who Owns    20 stone
    Leave Out Of Histories    ${player}
    ${id}    Reserve    ${player}    2 stone
    Add Items    ${player}    5 stone    section=factory    operation_id=${id}    expect=200|4xx
    ${added}    Last Answer
    ${read}    Read Inventory    ${player}    factory
    ${there}    Quantities Told    ${{ [$read] }}    stone
    Run Keyword    ${end}    ${player}    ${id}    expect=${{ "200|4xx" if $added.status == 200 else 200 }}
    ${ended}    Last Answer
    VAR    ${stays}    ${{ $there[0] - (2 if $ended.status == 200 else 0) }}
    Inventory Should Be    ${player}    ${{ $left if $ended.status == 200 else 18 }} stone
    Inventory Should Be    ${player}    @{{ [str($stays) + " stone"] if $stays else [] }}    section=factory

Own Reservation Should End By
    [Documentation]    Fails unless an end leaves a reservation as it is that another player has under the same id,
    ...    where that was taken; it ends like any (4.6, 4.7).
    [Arguments]    ${end}    ${left}    ${others_left}
    ${player}    Create Player Who Owns    20 stone
    ${other}    Create Player Who Owns    20 stone
    FOR    ${one}    IN    ${player}    ${other}
        Leave Out Of Histories    ${one}
    END
    ${id}    Reserve    ${player}    2 stone
    Reserve    ${other}    3 stone    operation_id=${id}    expect=200|4xx
    ${held}    Read Inventory    ${other}    factory
    Run Keyword    ${end}    ${player}    ${id}
    Inventory Should Be    ${player}    ${left} stone
    Inventory Should Be    ${player}    section=factory
    IF    $held.member("items")    Run Keyword    ${end}    ${other}    ${id}
    Inventory Should Be    ${other}    ${{ $others_left if $held.member("items") else 20 }} stone

Three Should Send Half A Body
    [Documentation]    Begin three additions whose bodies end in half a character, and wait for no answer (law 5).
    ${service}    Get A Service Token
    Hold Connections    3    POST BASE/inventory/add-items HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Content-Type: application/json    Content-Length: 400    rest=\r\n{"comment": "\xc3    by=${service}
    ...    to=internal

Next Call Should Be Answered Although Somebody Hung Up On
    [Documentation]    Fails unless a call is answered after one whose caller hung up while it held the player (law 7).
    [Arguments]    ${call}
    Hang Up On    ${call}
    Add Items    ${PLAYER}    1 wood
    Reserve    ${PLAYER}    1 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 ore

Read Should Tell What Was Written For Whoever Hung Up On
    [Documentation]    Fails unless reads tell what the ledger holds, with or without the call of somebody who hung up
    ...    after everything had been read (law 6).
    [Arguments]    ${call}    ${history}
    ${created}    Create Player With History    ${history}
    VAR    ${PLAYER}    ${created}    scope=TEST
    Repeat Keyword    2 times    Read All Sections    ${PLAYER}
    Hang Up On    ${call}
    TRY
        Wait Until Keyword Succeeds    2 s    50 ms    Ledger Should Have Rows    ${PLAYER}
        ...    ${{ 3 if $call == "reserve" else 2 }}
    EXCEPT    *The ledger has * rows of *    type=GLOB
        Log    The call was given up, as it may be (law 5)
    END
    Ledger Laws Should Hold For This Test

Hang Up On
    [Documentation]    Let a call on 1 stone begin while no row gets into the ledger, hang up, and let rows in (law 5).
    [Arguments]    ${call}
    ${other}    Create Player
    ${answered}    Prepare    1    Add Items    ${other}    1 wood
    ${caller}    Get A Service Token
    IF    $call == "adjust"    VAR    ${caller}    ${ADMINISTRATOR}
    VAR    ${CALL}    ${call}    scope=TEST
    VAR    ${CALLER}    ${caller}    scope=TEST
    ${idle}    Metric Value    http_requests_in_flight
    VAR    ${BUSY}    ${{ $idle + 2 }}    scope=TEST
    Leave Out Of Histories    ${PLAYER}
    ${answers}    Send Together Before Any Row Is Written
    ...    ${answered}
    ...    meanwhile=Call Should Begin And Be Hung Up On
    Answers Should Be    ${answers}    200=1

Call Should Begin And Be Hung Up On
    [Documentation]    Send ${CALL} for 1 stone over its own connection, and close that once it is under way (law 5).
    VAR    @{items}    1 stone
    VAR    &{more}    operation_id=${{ str(uuid.uuid4()) }}
    VAR    ${quantity}    quantity
    IF    $CALL == "adjust"
        VAR    &{more}    section=main    reason=Somebody hung up
        VAR    ${quantity}    quantity_change
    ELSE IF    $CALL == "add-items"
        VAR    &{more}    &{more}    section=main    operation_type=chest_reward
    END
    ${body}    Body    ${items}    quantity=${quantity}    user_id=${PLAYER.user_id}    &{more}
    IF    $CALL == "adjust"
        Begin Calls    1    /adjust    ${body}    ${CALLER}    admin
    ELSE
        Begin Calls    1    /inventory/${CALL}    ${body}    ${CALLER}    internal
    END
    # Where the metrics never tell of it, it may have been hung up on before it began.
    Run Keyword And Return Status
    ...    Wait Until Keyword Succeeds    2 s    20 ms    Calls Should Be Under Way    ${BUSY}
    Hang Up

Call Should Be Written Or Refused With This Behind It
    [Documentation]    Fails when an addition with something behind it is answered 200 and not written, or the other way
    ...    round. A call that is not answered may be either. ``later`` it comes while the call is under way.
    [Arguments]    ${behind}    ${expect}=any    ${later}=${False}
    ${player}    Create Player
    Leave Out Of Histories    ${player}
    ${service}    Get A Service Token
    ${body}    Body    ${{ ["1 stone"] }}    user_id=${player.user_id}    section=main    operation_type=chest_reward
    ...    operation_id=${NONE}
    VAR    ${text}    ${{ json.dumps($body) }}
    ${answer}    Send By Hand    POST BASE/inventory/add-items HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Content-Type: application/json    Content-Length: ${{ len($text) }}    by=${service}    to=internal
    ...    rest=\r\n${text}${{ "" if $later else $behind }}    filler=${{ $behind if $later else "" }}
    ...    most=${{ 9 * len($behind) }}    every=${{ 0.001 if $later else 0 }}    expect=${expect}
    IF    $answer.status == 200
        Inventory Should Be    ${player}    1 stone
    ELSE IF    $answer.status is not None
        Inventory Should Stay Empty    ${player}
    END

Inventory Should Stay Empty
    [Documentation]    Fails when a player comes to own something within half a second (law 5).
    [Arguments]    ${player}
    VAR    ${end}    ${{ time.monotonic() + 0.5 }}
    WHILE    time.monotonic() < $end
        Inventory Should Be    ${player}
    END
