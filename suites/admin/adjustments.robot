*** Settings ***
Documentation    Administrators correct balances, and every correction can be traced (contract 4.9 and 4.10; seed 7.2).

Resource         ../../resources/administration.resource
Resource         ../../resources/concurrency.resource
Resource         ../../resources/operations.resource
Resource         ../../resources/validation.resource

Suite Setup      Need One Administrator
Test Setup       Give The Test A Player Who Owns    10 stone
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        admin


*** Test Cases ***
An Adjustment Changes The Balances
    [Documentation]    4.9 S. Seed 7.2 TestAdminOperations.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    +5 wood    reason=Refund for a lost chest
    Final Balances Should Be    7 stone    5 wood
    Inventory Should Be    ${PLAYER}    7 stone    5 wood

An Administrator's Own Inventory Can Be Adjusted Like Any Other
    [Documentation]    4.9 S, 3.7 H: a user who is an administrator is a player too.
    [Tags]    hardening
    [Setup]    Require Part    administrators
    ${administrator}    Create Administrator
    Adjust Inventory    ${administrator}    ${administrator}    +5 wood
    Adjust Inventory    ${administrator}    ${administrator}    -2 wood
    Inventory Should Be    ${administrator}    3 wood

Final Balances Are Those Of The Variant And The Section
    [Documentation]    4.9 S: as they are afterwards, of what was changed and nothing else, in each section.
    [Template]    Final Balance Should Be Of What Was Changed
    # section    the variant    its kin
    main    metal tools/axe    tools/axe
    factory    tools/axe    metal tools/axe
    trade    stone    wood

Final Balances Are Those Of The Collection
    [Documentation]    4.9 S.
    [Template]    Final Balance Should Be Of What Was Changed
    # section    the variant    its kin
    main    tools/axe of summer_2025    tools/axe
    trade    tools/axe    tools/axe of summer_2025
    main    metal tools/axe of summer_2025    metal tools/axe

An Adjustment's Rows Carry Its Type
    [Documentation]    4.9 S: of type admin_adjustment, and together what was changed.
    [Setup]    Run Keywords    Require Part    database
    ...    AND    Give The Test A Player Who Owns    10 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -4 stone
    ${rows}    Rows Of Player    ${PLAYER}
    VAR    ${changed}    ${{ sum(row.change for row in $rows if row.operation_type == "admin_adjustment") }}
    Should Be Equal As Integers    ${changed}    -4    What the rows of an adjustment change (4.9)

Equal Adjustments Are Two When Nothing Says They Are One
    [Documentation]    4.9 S: without an operation id each is one of its own.
    Repeat Keyword    2 times    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone
    Final Balances Should Be    20 stone
    Inventory Should Be    ${PLAYER}    20 stone

An Adjustment's Rows Carry Its Reason
    [Documentation]    4.9 H.
    [Tags]    hardening
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -4 stone    reason=Took back cafe\u0301 狼
    ${rows}    Rows Of Player    ${PLAYER}
    VAR    ${found}    ${{ {row.comment for row in $rows if row.operation_type == "admin_adjustment"} }}
    Should Be True    $found == {"Took back cafe\u0301 狼"}    The row's comment is ${found}, not the reason (4.9)

Every Adjustment Is In The Audit Log And A Refused One Is Not
    [Documentation]    4.9 S: found by its reason; who may ask for the log, and what a line has, is hardening (4.10).
    ...    Also of those that come under one request id.
    VAR    &{console}    X-Request-ID=one-of-a-console
    Skip Unless The Audit Log Is Told
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -99 stone    reason=Refused because it is too much
    ...    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -4 stone    reason=Taken back after a complaint
    ...    headers=${console}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    reason=Given for a good remark
    ...    headers=${console}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 ore    -1 ore    reason=Booked to and fro
    Audit Log Should Soon Have    Taken back after a complaint    Given for a good remark    Booked to and fro
    ${after}    Text Of Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Should Not Contain    ${after}    Refused because it is too much    The audit log has a refused one (4.9)

A Refused Adjustment That Closes The Day Is Not In The Audit Log
    [Documentation]    4.9 S: nothing of it is kept but yesterday's balances, of a player with history.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    Write History    ${PLAYER}    3 days ago: 10 stone
    Skip Unless The Audit Log Is Told
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -99 stone    reason=Refused because it is too much
    ...    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    reason=Given for a good remark
    Audit Log Should Soon Have    Given for a good remark
    ${after}    Text Of Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Should Not Contain    ${after}    Refused because it is too much    The audit log has a refused one (4.9)

An Adjustment In Any Section Is In The Audit Log
    [Documentation]    4.9 S.
    [Template]    Adjustment Should Be In The Audit Log
    # section
    main
    factory
    trade

A Variant Is Adjusted As One However It Is Spelled
    [Documentation]    4.9 S, law 2: two lines of it, one of which names `base`, count as their sum.
    [Template]    Variant Named In Two Ways Should Be Adjusted As One
    # the part that is named
    collection
    quality_level

An Adjustment Of Many Lines Is In The Audit Log
    [Documentation]    4.9 S.
    Skip Unless The Audit Log Is Told
    VAR    @{lines}    @{{ ["+1 ore"] * 120 }}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{lines}    reason=Of a hundred lines and more
    Audit Log Should Soon Have    Of a hundred lines and more

The Factory Is Adjusted Beside What Is Reserved Of Other Items
    [Documentation]    4.9 S: down to nothing; what is reserved of them counts in their balance.
    Add Items    ${PLAYER}    9 wood
    Add Items    ${PLAYER}    5 ore    section=factory
    Reserve    ${PLAYER}    8 wood
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -5 ore    section=factory
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 wood    section=factory
    Final Balances Should Be    13 wood
    Inventory Should Be    ${PLAYER}    13 wood    section=factory

A Malformed Adjustment Is Refused
    [Documentation]    4.1 S.
    [Setup]    Run Keywords    Give The Test A Player Who Owns    10 stone    AND    Prepare Bad Adjustments
    [Template]    Body Should Be Refused
    # the whole body
    ${EMPTY}
    {
    \[]
    "text"
    ${{ b'{"reason": "\xff"}' }}

More Than There Is Cannot Be Adjusted Away However Much It Is
    [Documentation]    4.9 S, 4.1 S: also beyond 32 bits.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -5000000001 stone    expect=400 insufficient_items

An Adjustment Whose Caller Hangs Up Is In The Audit Log If It Is Written
    [Documentation]    4.9 S, law 5: three callers hang up while no row gets into the ledger.
    [Setup]    Run Keywords    Require Part    database    disposable data    metrics
    ...    AND    Give The Test A Player Who Owns    10 stone
    Skip Unless The Audit Log Is Told
    ${answered}    Prepare    1    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone
    ${answers}    Send Together Before Any Row Is Written    ${answered}    meanwhile=Three Should Adjust And Hang Up
    Answers Should Be    ${answers}    200=1
    Let Those Who Hung Up End
    Skip If    not ${WERE UNDER WAY}    the metrics of the target never tell of four calls at once
    Wait Until Keyword Succeeds    15 s    100 ms    Each Of Those Who Hung Up Should Be In The Audit Log

The Audit Log Tells Who, What And Why
    [Documentation]    4.10 H. Seed 7.2 TestAdminOperations.
    [Tags]    hardening
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    +5 wood    reason=Refund for a lost chest
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Length Should Be    ${entries}    1    Every adjustment leaves one row in the audit log (4.9); found ${entries}
    Audit Entry Should Tell    ${entries}[0]    stone from 10 to 7    wood from 0 to 5
    ...    &{{ {"admin_id": $ADMINISTRATOR.user_id} if hasattr($ADMINISTRATOR, "user_id") else {} }}
    ...    user_id=${PLAYER.user_id}    section=main    reason=Refund for a lost chest

An Adjustment That Changes Nothing In Sum Is In The Audit Log Too
    [Documentation]    4.9 S: one variant twice, up and down again; under a reason of 500 characters.
    VAR    ${reason}    Nothing in the end${{ "." * 482 }}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 ore    -5 ore    reason=${reason}    expect=200|400
    ${answer}    Last Answer
    Skip If    ${answer.status} == 400    the target adds lines up first, and takes no sum of nothing
    Skip Unless The Audit Log Is Told
    Audit Log Should Soon Have    Nothing in the end

A Call Is Answered Whatever Its Caller Calls It
    [Documentation]    4.4 S, 4.9 S: a request's id hinders no write, though it has 128 characters and came before.
    VAR    &{long}    X-Request-ID=${{ "r" * 128 }}
    Add Items    ${PLAYER}    1 ore    headers=${long}
    Add Items    ${PLAYER}    4 ore    headers=${long}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 ore    headers=${long}
    Inventory Should Be    ${PLAYER}    10 stone    7 ore

A Request May Be Called By Anything
    [Documentation]    4.4 S, 4.9 S: it is written, or refused by whoever reads headers.
    FOR    ${id}    IN    ${{ "éÿ".encode("latin-1") }}    '; --    ${EMPTY}    a\tb    {"a":1}
        VAR    &{called}    X-Request-ID=${id}
        Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 ore    headers=${called}    expect=200|400
        Add Items    ${PLAYER}    1 wood    headers=${called}    expect=200|400
    END

An Audit Row Stands In The Same Ledger As The Change
    [Documentation]    4.10 H: admin, player, section, changes, reason, request id.
    [Tags]    hardening
    Add Items    ${PLAYER}    3 metal tools/axe of summer_2025    section=trade
    ${answer}    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 ore    +1 metal tools/axe of summer_2025
    ...    section=trade    reason=Compensation, cafe\u0301 狼
    ${entries}    Audit Rows Of    ${PLAYER}
    Length Should Be    ${entries}    1    Every adjustment leaves one row in the audit log (4.9); found ${entries}
    Audit Entry Should Tell
    ...    ${entries}[0]
    ...    ore from 0 to 2
    ...    metal tools/axe of summer_2025 from 3 to 4
    ...    &{{ {"admin_id": $ADMINISTRATOR.user_id} if hasattr($ADMINISTRATOR, "user_id") else {} }}
    ...    user_id=${PLAYER.user_id}
    ...    section=trade
    ...    reason=Compensation, cafe\u0301 狼
    ...    request_id=${answer.request_id}

An Audit Row Names The Request's Id Also When The Service Made It
    [Documentation]    4.10 H, 6.4 H.
    [Tags]    hardening
    VAR    &{none}    X-Request-ID=${NONE}
    ${answer}    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 ore    headers=${none}
    ${entries}    Audit Rows Of    ${PLAYER}
    Should Be Equal    ${{ $entries[0].get("request_id") }}    ${answer.headers}[x-request-id]
    ...    The audit log's request_id is not the one that the answer names (4.10)

An Adjustment Below Zero Is Refused And Leaves No Trace
    [Documentation]    4.9 S, law 2, law 5.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -11 stone    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    -1 ore    expect=400 insufficient_items
    Inventory Should Be    ${PLAYER}    10 stone

A Refused Adjustment Is Not In The Audit Log
    [Documentation]    4.9 S, 4.10 H: nor anywhere else.
    [Tags]    hardening
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -11 stone    expect=400 insufficient_items
    ${entries}    Audit Rows Of    ${PLAYER}
    Should Be Empty    ${entries}    Nothing may be in the audit log here (4.9); found ${entries}

An Adjustment Beyond 32 Bits Counts Like Any Other
    [Documentation]    4.9 S, section 5: a bigint, up and down, in a section where there was nothing.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5000000001 stone    section=trade
    Final Balances Should Be    5000000001 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -4294967297 stone    +3000000000 wood    section=trade
    Final Balances Should Be    705032704 stone    3000000000 wood
    Inventory Should Be    ${PLAYER}    705032704 stone    3000000000 wood    section=trade
    Inventory Should Be    ${PLAYER}    10 stone

Adjustments At The Same Instant Each Tell The Balance That They Left
    [Documentation]    4.9 S, law 7: twenty of +1 leave each balance from 11 to 30 once.
    [Tags]    concurrency
    ${adjustments}    Prepare    20    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone
    ${answers}    Send Together    ${adjustments}
    Answers Should Be    ${answers}    200=20
    VAR    ${told}    ${{ sorted(sum(e["quantity"] for e in a.member("final_balances")) for a in $answers) }}
    Should Be True    $told == list(range(11, 31))    Of 11 to 30 stone, each once, were told ${told} (law 7)

An Adjustment Down To Zero Empties The Variant
    [Documentation]    4.9 S, 4.3 S: only quantities above zero are answered.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -10 stone
    Final Balances Should Be    0 stone
    Inventory Should Be    ${PLAYER}

However Many Snapshots There Are A Balance Is Told Once
    [Documentation]    4.9 S, 4.5 S, 5.1 S, law 1: the latest one counts.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    9 days ago: 10 stone
    FOR    ${days}    IN    8    6    4    2
        Write A Snapshot    ${player}    ${days} days ago: 10 stone
    END
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone
    Final Balances Should Be    9 stone
    Reserve    ${player}    10 stone    expect=400 insufficient_items
    Last Answer Should Lack    stone required=10 available=9

What Is Reserved Is Not There To Be Adjusted Away In Main
    [Documentation]    4.9 S, law 2, law 3: the factory holds what is reserved.
    ${operation}    Reserve    ${PLAYER}    8 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -2 stone
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    8 stone

What Is Reserved Leaves No Debt When It Was Adjusted Away In The Factory
    [Documentation]    4.9 S, 4.6 S, 4.7 S, law 2: the adjustment is refused, or the end is.
    FOR    ${end}    ${taken}    IN    Return Reserve    3    Consume Reserve    3
    ...    Return Reserve    6    Consume Reserve    6
        ${player}    Create Player Who Owns    6 stone
        ${operation}    Reserve    ${player}    3 stone    3 stone
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    -${taken} stone    section=factory    expect=200|4xx
        Run Keyword    ${end}    ${player}    ${operation}    expect=200|4xx
        Ledger Laws Should Hold    ${player}
    END

The Audit Log Is Newest First And One Player's Alone
    [Documentation]    4.10 H.
    [Tags]    hardening
    ${other}    Create Player
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    reason=The first correction
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    reason=The second correction
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Length Should Be    ${entries}    2    Every adjustment leaves one row in the audit log (4.9); found ${entries}
    Should Be Equal    ${entries}[0][reason]    The second correction
    Should Be Equal    ${entries}[1][reason]    The first correction
    FOR    ${nobody}    IN    ${other}    @{{ [$ADMINISTRATOR] if hasattr($ADMINISTRATOR, "user_id") else [] }}
        ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${nobody}
        Should Be Empty    ${entries}    Nothing may be in the audit log here (4.10); found ${entries}
    END

The Audit Log Tells Each Of Many Adjustments
    [Documentation]    4.10 H.
    [Tags]    hardening    long
    ${adjusts}    Prepare    1010    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood
    Send A Mix    1    4    ${adjusts}
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Length Should Be    ${entries}    1010    Every adjustment is in the audit log (4.10)

The Audit Log Is Asked For By A Player's Id
    [Documentation]    4.10 H, 4.1 H: a request without one, or with none that is a UUID, is refused by its code.
    [Tags]    hardening
    [Template]    Ask For Audit Log
    # administrator    user id    the answer
    ${ADMINISTRATOR}    ${PLAYER.user_id}
    ${ADMINISTRATOR}    ${NONE}    expect=400 validation_failed
    ${ADMINISTRATOR}    ${EMPTY}    expect=400 validation_failed
    ${ADMINISTRATOR}    not-a-uuid    expect=400 validation_failed

Adjustments And Reservations At The Same Instant Never Overdraw
    [Documentation]    Law 2, law 7: ten stones, taken from both sides at once.
    [Tags]    concurrency
    ${reserves}    Prepare    15    Reserve    ${PLAYER}    1 stone
    ${adjusts}    Prepare    15    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone
    ${answers}    Race    ${reserves}    ${adjusts}
    Answers Should Be    ${answers}    200=10    insufficient_items=20
    Requests Should Have Overlapped    ${answers}
    Inventory Should Be    ${PLAYER}

An Adjustment Counts As Its Sum However Far Its Lines Go
    [Documentation]    4.9 S, law 2, law 1: of a body of a hundred KB; what is beyond 2^62 may also be bad input.
    [Tags]    long
    VAR    @{down}    @{{ [f"-{2**53 - 1} stone"] * 520 }}
    VAR    @{up}    @{{ [f"+{2**53 - 1} stone"] * 515 }}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{down}[:500]    @{up}[:501]    expect=200|413
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{down}[:502]    @{up}[:500]    expect=400|413
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{down}    @{up}    expect=4xx
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{up}    @{down}[:514]    expect=200|4xx


*** Keywords ***
Adjustment Should Be In The Audit Log
    [Documentation]    Fails unless an adjustment in a section is in the player's audit log, by its reason (4.9).
    [Arguments]    ${section}
    Skip Unless The Audit Log Is Told
    VAR    ${reason}    Found again in the ${section}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +4 ore    section=${section}    reason=${reason}
    Audit Log Should Soon Have    ${reason}

Variant Named In Two Ways Should Be Adjusted As One
    [Documentation]    Fails unless 6 and 6 of 10 stones are too many to be taken, and 1 and 1 are not (4.9).
    [Arguments]    ${part}
    VAR    @{named}    items.1.${part}    "base"
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -6 stone    -6 stone    but=${named}
    ...    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    -1 stone    but=${named}

Three Should Adjust And Hang Up
    [Documentation]    Begin three adjustments of +1 stone, each for its own reason, and wait for no answer (4.9).
    VAR    @{items}    1 stone
    FOR    ${number}    IN RANGE    3
        ${body}    Body    ${items}    quantity=quantity_change    user_id=${PLAYER.user_id}    section=main
        ...    reason=Somebody hung up ${number}
        Begin Calls    1    /adjust    ${body}    ${ADMINISTRATOR}    admin
    END
    ${under_way}    Run Keyword And Return Status
    ...    Wait Until Keyword Succeeds    5 s    20 ms    Calls Should Be Under Way    4
    Hang Up
    Leave Out Of Histories    ${PLAYER}
    VAR    ${WERE UNDER WAY}    ${under_way}    scope=TEST

Let Those Who Hung Up End
    [Documentation]    Wait until all three have written; a service may as well give up what nobody waits for (law 5).
    TRY
        Wait Until Keyword Succeeds    2 s    50 ms    Ledger Should Have Rows    ${PLAYER}    5
    EXCEPT    *The ledger has * rows of *    type=GLOB
        Log    Not all of them have written
    END

Each Of Those Who Hung Up Should Be In The Audit Log
    [Documentation]    Fails unless there is an entry for each adjustment that has written a row (4.9).
    ${rows}    Rows Of Player    ${PLAYER}
    ${log}    Text Of Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    VAR    ${written}    ${{ len([row for row in $rows if row.operation_type == "admin_adjustment"]) - 1 }}
    VAR    ${told}    ${{ len(set(re.findall("Somebody hung up \\d", $log or ""))) }}
    Should Be Equal As Integers    ${told}    ${written}
    ...    ${written} adjustments of callers who hung up are written, and ${told} are in the audit log (4.9)

Final Balance Should Be Of What Was Changed
    [Documentation]    Fails unless taking 3 of 20 leaves 17, whatever there is of a kin and in the other sections.
    [Arguments]    ${where}    ${variant}    ${kin}
    ${player}    Create Player
    FOR    ${section}    ${quantity}    IN    main    30    factory    40    trade    50
        Add Items    ${player}    ${{ 20 if $section == $where else int($quantity) }} ${variant}    60 ${kin}
        ...    section=${section}
    END
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -3 ${variant}    section=${where}
    Final Balances Should Be    17 ${variant}
