*** Settings ***
Documentation     Adjustments that are sent again, and what they leave alone (contract 4.9, 4.11).

Resource          ../../resources/administration.resource
Resource          ../../resources/concurrency.resource
Resource          ../../resources/outages.resource

Suite Setup       Need One Administrator
Suite Teardown    Stop Services Of Its Own
Test Setup        Give The Test A Player Who Owns    10 stone
Test Teardown     Ledger Laws Should Hold For This Test

Test Tags         admin    hardening


*** Variables ***
${NIL}    00000000-0000-0000-0000-000000000000


*** Test Cases ***
An Adjustment Sent Again Is Written Once And Answered Alike
    [Documentation]    4.11 H, 4.9 S.
    ${operation}    New Id
    ${first}    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    operation_id=${operation}
    ${again}    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    operation_id=${operation}
    Final Balances Should Be    15 stone
    Should Be Equal    ${again.body}[operation_ids]    ${first.body}[operation_ids]
    ...    A repeat is answered with the first answer's rows (4.11)
    Inventory Should Be    ${PLAYER}    15 stone
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Length Should Be
    ...    ${entries}
    ...    1
    ...    A repeat leaves no entry of its own in the audit log (4.11); found ${entries}

An Adjustment That Took Everything Is Repeated Like Any Other
    [Documentation]    4.11 H: nothing is left to take, and nothing is taken.
    ${operation}    New Id
    ${first}    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -10 stone    operation_id=${operation}
    ${again}    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -10 stone    operation_id=${operation}
    Should Be Equal    ${again.body}[operation_ids]    ${first.body}[operation_ids]
    ...    A repeat is answered with the first answer's rows (4.11)
    Inventory Should Be    ${PLAYER}

An Adjustment's Operation Id Stands For One Adjustment
    [Documentation]    4.11 H: the same id with other content is a conflict, whichever call has used it.
    ${operation}    New Id
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    operation_id=${operation}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +6 stone    operation_id=${operation}
    ...    expect=409 operation_conflict
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    operation_id=${operation}    section=trade
    ...    expect=409 operation_conflict
    Add Items    ${PLAYER}    5 stone    operation_id=${operation}    expect=409 operation_conflict
    ${added}    Add Items    ${PLAYER}    1 wood
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    operation_id=${added}
    ...    expect=409 operation_conflict
    Inventory Should Be    ${PLAYER}    15 stone    1 wood

An Adjustment And An Addition Under One Id Are Both Answered
    [Documentation]    Law 7, 4.11 H: whichever comes first, while other writes of the player are under way.
    [Tags]    long
    FOR    ${_}    IN RANGE    6
        ${before}    Prepare    1    Add Items    ${PLAYER}    1 stone
        ${one}    Pair Of Writes Under One Id
        ${other}    Pair Of Writes Under One Id
        ${answers}    Send Together Before Any Row Is Written    ${before}    ${one}    ${other}
        Answers Should Be    ${answers}    200=3    operation_conflict=2
    END

An Adjustment That Arrives Often At One Instant Is Written Once
    [Documentation]    4.11 H: at two instances too.
    ${operation}    New Id
    ${same}    Prepare    12    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone
    ...    operation_id=${operation}
    ${answers}    Race    ${same}
    Answers Should Be    ${answers}    200=12
    Answers Should Agree On    ${answers}    operation_ids
    Inventory Should Be    ${PLAYER}    15 stone

The Same Operation Id For Two Players At Once Is One Player's
    [Documentation]    4.11 H: an adjustment's and another call's, at two instances, of which each has seen that the id
    ...    is new.
    [Setup]    Require Part    database    disposable data
    [Template]    Adjustment Or The Other Player's Call Should Win
    # the other player's call
    Adjust Inventory
    Add Items
    Reserve

The UUID Of Nothing Is An Operation Id Too
    [Documentation]    4.11 H: an adjustment with it is repeated, or refused, like any other.
    ${first}    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    operation_id=${NIL}    expect=200|4xx
    ${again}    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    operation_id=${NIL}
    ...    expect=${{ "200" if $first.status == 200 else "4xx" }}
    Should Be Equal    ${{ $again.body.get("operation_ids") }}    ${{ $first.body.get("operation_ids") }}
    ...    A repeat is answered with the first answer's rows (4.11)
    Inventory Should Be    ${PLAYER}    ${{ 15 if $first.status == 200 else 10 }} stone

Without An Operation Id Each Adjustment Is One Of Its Own
    [Documentation]    4.11 H: it is optional.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone
    Inventory Should Be    ${PLAYER}    20 stone

What An Active Reservation Holds Cannot Be Adjusted Away
    [Documentation]    4.9 H: so it can still be returned. A refused adjustment is not in the audit log (4.9 S).
    ${operation}    Reserve    ${PLAYER}    6 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 stone    section=factory
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    section=factory    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -2 stone    section=factory
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    section=factory    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    -1 stone    section=factory
    ...    expect=400 insufficient_items
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    10 stone
    ${entries}    Audit Rows Of    ${PLAYER}
    Length Should Be    ${entries}    2    Two adjustments are in the audit log, and nothing else (4.9)

What An Active Reservation Holds Is Looked At In All Lines Together
    [Documentation]    4.9 H: two lines of one variant, whose sum is too much, and one of which names the standard.
    Reserve    ${PLAYER}    6 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 stone    section=factory
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    +1 wood    -2 stone    section=factory
    ...    expect=400 insufficient_items
    VAR    @{named}    items.1.collection    "base"
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    -2 stone    section=factory    but=${named}
    ...    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    -1 stone    section=factory    but=${named}
    Inventory Should Be    ${PLAYER}    6 stone    section=factory

What Several Active Reservations Hold Is Held Together
    [Documentation]    4.9 H: of one variant; and when one of them has ended, what the other holds.
    ${first}    Reserve    ${PLAYER}    3 stone
    ${second}    Reserve    ${PLAYER}    4 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 stone    section=factory
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    section=factory    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -2 stone    section=factory
    Consume Reserve    ${PLAYER}    ${first}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    section=factory    expect=400 insufficient_items
    Return Reserve    ${PLAYER}    ${second}
    Inventory Should Be    ${PLAYER}    7 stone

What A Reservation Of Before Today Holds Cannot Be Adjusted Away Either
    [Documentation]    4.9 H.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    4 days ago: 10 stone
    ${operation}    Write A Reservation    ${player}    6 stone    days_ago=2
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone    section=factory    expect=400 insufficient_items
    Consume Reserve    ${player}    ${operation}
    Inventory Should Be    ${player}    4 stone

What An Active Reservation Holds Of A Kin Is Another Thing
    [Documentation]    4.9 H: only of the variant itself something is held, and only of the player who reserved it.
    [Template]    Only The Variant Should Be Held
    # what is reserved    its kin
    metal tools/axe    tools/axe
    stone    wood

What An Active Reservation Holds Of Another Collection Is Another Thing
    [Documentation]    4.9 H.
    [Template]    Only The Variant Should Be Held
    # what is reserved    its kin
    tools/axe of summer_2025    tools/axe

What Reservations Held That Have Ended Is Nobody's
    [Documentation]    4.9 H: only active ones hold anything.
    ${returned}    Reserve    ${PLAYER}    6 stone
    Return Reserve    ${PLAYER}    ${returned}
    ${consumed}    Reserve    ${PLAYER}    4 stone
    Consume Reserve    ${PLAYER}    ${consumed}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +3 stone    section=factory
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    section=factory
    Inventory Should Be    ${PLAYER}    section=factory

What Nobody Has Adjusted Is In The Audit Log Like Anything Else
    [Documentation]    4.10 H, 1.1 S: where the network is the guard, nobody is named.
    [Tags]    long
    [Setup]    Run Keywords    Require Part    split shape    services of its own
    ...    AND    Give The Test A Player
    ${instance}    Start An Instance    ADMIN_AUTH=none
    Adjust Inventory    ${NONE}    ${PLAYER}    +2 stone    at=${instance}
    ${answer}    Ask For Audit Log    ${NONE}    ${PLAYER.user_id}    at=${instance}
    Length Should Be    ${answer.body}[entries]    1    Every adjustment is in the audit log (4.10)

Who Adjusts Where The Network Is The Guard Is Nobody In The Audit Log
    [Documentation]    4.10 H, 1.1 S, 6.6 H: and the description says that it may be so.
    [Tags]    long
    [Setup]    Run Keywords    Require Part    split shape    services of its own
    ...    AND    Give The Test A Player Who Owns    10 stone
    ${instance}    Start An Instance    ADMIN_AUTH=none
    Adjust Inventory    ${NONE}    ${PLAYER}    +1 stone    at=${instance}    reason=Adjusted by nobody
    ${answer}    Ask For Audit Log    ${NONE}    ${PLAYER.user_id}    at=${instance}
    Answer Should Be As Described    ${answer}    to=admin
    VAR    ${told}    ${{ [(one["reason"], one["admin_id"]) for one in $answer.member("entries")] }}
    VAR    @{nobody}    Adjusted by nobody    ${NONE}
    Should Be Equal    ${told}    ${{ [tuple($nobody)] }}    The audit log names somebody, or another entry (4.10)


*** Keywords ***
Only The Variant Should Be Held
    [Documentation]    Fails unless a kin of what is reserved can be adjusted away in the factory, and the variant not.
    [Arguments]    ${variant}    ${kin}
    ${player}    Create Player Who Owns    6 ${variant}
    ${other}    Create Player Who Owns    6 ${variant}
    Reserve    ${other}    6 ${variant}
    Reserve    ${player}    6 ${variant}
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +6 ${kin}    section=factory
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -6 ${kin}    section=factory
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 ${variant}    section=factory
    ...    expect=400 insufficient_items

Adjustment Or The Other Player's Call Should Win
    [Documentation]    Fails unless of an adjustment and a call for another player under one operation id, one is
    ...    written, the other a conflict.
    [Arguments]    ${call}
    ${one}    Create Player Who Owns    5 stone
    ${other}    Create Player Who Owns    5 stone
    ${operation}    New Id
    ${elsewhere}    Another Instance Or The Same
    VAR    @{whose}    @{{ [$ADMINISTRATOR] * ($call == "Adjust Inventory") + [$other] }}
    ${here}    Prepare    1    Adjust Inventory    ${ADMINISTRATOR}    ${one}    +3 stone    operation_id=${operation}
    ${there}    Prepare    1    ${call}    @{whose}    3 stone    operation_id=${operation}    at=${elsewhere}
    ${answers}    Send Together Before Any Row Is Written    ${here}    ${there}
    Answers Should Be    ${answers}    200=1    operation_conflict=1

Pair Of Writes Under One Id
    [Documentation]    Prepare an adjustment and an addition of the player that have the same id (4.11).
    ${id}    New Id
    ${adjusting}    Prepare    1    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    operation_id=${id}
    ${adding}    Prepare    1    Add Items    ${PLAYER}    1 stone    operation_id=${id}
    RETURN    ${{ $adjusting + $adding }}
