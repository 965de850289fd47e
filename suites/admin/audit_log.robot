*** Settings ***
Documentation    What the audit log has of adjustments, and what it has not (contract 4.9, 4.10, 4.11).

Resource         ../../resources/administration.resource
Resource         ../../resources/concurrency.resource
Resource         ../../resources/variants.resource

Suite Setup      Need One Administrator
Test Setup       Give The Test A Player Who Owns    10 stone
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        admin


*** Test Cases ***
An Adjustment That Is Bad Input Is Not In The Audit Log
    [Documentation]    4.9 S, 4.1 S: whatever is wrong with it; the good one after it is.
    Skip Unless The Audit Log Is Told
    FOR    ${member}    ${value}    IN
    ...    items.1.item_id    "00000000-0000-4000-8000-000000000000"
    ...    items.1.collection    "winter_1925"
    ...    items.0.quality_level    "golden"
    ...    items.1.quantity_change    1.5
    ...    section    "attic"
        VAR    @{wrong}    ${member}    ${value}
        Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    +1 wood    reason=Refused because it is wrong
        ...    but=${wrong}    expect=400
    END
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    +1 wood    reason=Given for a good remark
    Audit Log Should Soon Have    Given for a good remark
    ${after}    Text Of Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Should Not Contain    ${after}    Refused because it is wrong    The audit log has a refused one (4.9)

What Was Refused Can Be Adjusted Under Its Id When It Is Right
    [Documentation]    Law 5 S, 4.9 S: too much for what there is, or bad input; nothing of it is remembered.
    ${operation}    New Id
    VAR    @{wrong}    section    "attic"
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -11 stone    operation_id=${operation}
    ...    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -11 stone    operation_id=${operation}    but=${wrong}
    ...    expect=400
    Add Items    ${PLAYER}    5 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -11 stone    operation_id=${operation}
    Inventory Should Be    ${PLAYER}    4 stone

An Adjustment That Is Nobody's Or A Conflict Is Not In The Audit Log
    [Documentation]    4.9 S, 4.10 H, 4.11 H, 3.7 H.
    [Tags]    hardening
    [Setup]    Run Keywords    Give The Test A Player Who Owns    10 stone
    ...    AND    Require Part    admin tokens
    ${operation}    New Id
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    operation_id=${operation}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 stone    operation_id=${operation}
    ...    expect=409 operation_conflict
    Adjust Inventory    ${PLAYER}    ${PLAYER}    +1 stone    expect=403 forbidden
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Length Should Be    ${entries}    1    Two refused adjustments are in the audit log (4.9); found ${entries}

An Entry Names The Operation And Balances Of Before Today
    [Documentation]    4.10 H: operation_id, and what was there before, of a player with history in another section.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    Write History    ${PLAYER}    3 days ago: 20 stone    section=trade
    ${operation}    New Id
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    section=trade    operation_id=${operation}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    section=trade
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    ${told}    Operations Should Be Those Of The Ledger    ${entries}
    VAR    ${entry}    ${entries}[${{ $told.index($operation) }}]
    Audit Entry Should Tell    ${entry}    stone from 20 to 17    section=trade    operation_id=${operation}

Entries Of One Instant Each Tell What Was There Before Them
    [Documentation]    4.10 H, law 7: twenty of +1 lead from 10 to 30 stone, step by step.
    [Tags]    hardening    concurrency
    [Setup]    Give The Test A Player Who Owns    10 stone
    ${adjustments}    Prepare    20    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone
    ${answers}    Race    ${adjustments}
    Answers Should Be    ${answers}    200=20
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    VAR    ${steps}    ${{ sorted((one["before"], one["after"]) for e in $entries for one in e["changes"]) }}
    Should Be True    $steps == [(n, n + 1) for n in range(10, 30)]
    ...    Of steps from 10 to 30, one each, the audit log tells ${steps} (4.10)

An Entry Tells Where A Variant That Is Named Twice Began And Ended
    [Documentation]    4.10 H: by one change or by two.
    [Tags]    hardening
    [Setup]    Give The Test A Player
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    +2 wood
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    VAR    ${told}    ${{ [(one["before"], one["after"]) for one in $entries[0]["changes"]] }}
    Should Be True    sorted($told) in ([(0, 3)], [(0, 1), (1, 3)], [(0, 2), (2, 3)], [(0, 3), (0, 3)])
    ...    The audit log tells changes of ${told}, from 0 to 3 wood (4.10)

An Adjustment That Spells The Player In Capitals Is In The Player's Audit Log
    [Documentation]    4.10 H, 4.9 S: where ids are taken so, it is the same player.
    [Tags]    hardening
    ${spelled}    Spelled Player    ${PLAYER}    in capitals
    Add Items If The Spelling Is Taken    ${spelled}    1 wood
    Adjust Inventory    ${ADMINISTRATOR}    ${spelled}    -3 stone
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Length Should Be    ${entries}    1    Of one adjustment the player's audit log has ${entries} (4.10)
    Audit Entry Should Tell    ${entries}[0]    stone from 10 to 7

An Entry Is Written With The Rows
    [Documentation]    4.10 H: in one transaction; while the audit log takes nothing, there are no rows either.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player Who Owns    10 stone
    ${adjustments}    Prepare    1    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -4 stone
    ${answers}    Send Together Before Any Row Is Written    ${adjustments}    table=inventory.audit_log
    ...    meanwhile=Nothing Should Be Adjusted Yet
    Each Answer Should Be    ${answers}    200
    Inventory Should Be    ${PLAYER}    6 stone

An Adjustment's Id Stands For One Player, One Reason And One Kind Of Call
    [Documentation]    4.11 H: with other content it is a conflict, and nothing is written.
    [Tags]    hardening
    ${other}    Create Player Who Owns    10 stone
    ${operation}    New Id
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    operation_id=${operation}
    Adjust Inventory    ${ADMINISTRATOR}    ${other}    +5 stone    operation_id=${operation}
    ...    expect=409 operation_conflict
    Reserve    ${PLAYER}    5 stone    operation_id=${operation}    expect=409 operation_conflict
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    operation_id=${operation}
    ...    reason=Given for another reason    expect=409 operation_conflict
    ${reserved}    Reserve    ${PLAYER}    1 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    operation_id=${reserved}
    ...    expect=409 operation_conflict
    Inventory Should Be    ${other}    10 stone
    Inventory Should Be    ${PLAYER}    14 stone


*** Keywords ***
Operations Should Be Those Of The Ledger
    [Documentation]    Fails unless the entries name the operations of ${PLAYER}'s adjustments in the ledger. Returns
    ...    what they name (4.10).
    [Arguments]    ${entries}
    VAR    ${told}    ${{ [entry["operation_id"] for entry in $entries] }}
    ${rows}    Rows Of Player    ${PLAYER}
    VAR    ${kept}    ${{ [row.operation_id for row in $rows if row.operation_type == "admin_adjustment"] }}
    Should Be Equal    ${{ sorted($told) }}    ${{ sorted($kept) }}    The operations of the audit log (4.10)
    RETURN    ${told}

Nothing Should Be Adjusted Yet
    [Documentation]    Fails when rows of an adjustment can be seen before its entry in the audit log.
    Ledger Should Have Rows    ${PLAYER}    1
