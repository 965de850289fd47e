*** Settings ***
Documentation    Administrators correct balances, and every correction can be traced (contract, section 4 and audit
...              log; seed, section 7.2).

Resource         ../../resources/administration.resource
Resource         ../../resources/concurrency.resource
Resource         ../../resources/ledger.resource

Suite Setup      Share One Administrator
Test Setup       Give The Test A Player Who Owns    10 stone
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        admin


*** Test Cases ***
An Adjustment Changes The Balance And Leaves An Audit Entry
    [Documentation]    Section 4, and seed 7.2 TestAdminOperations.
    GROUP    An administrator corrects two balances at once, and the player sees it
        Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    +5 wood    reason=Refund for a lost chest
        Final Balances Should Be    7 stone    5 wood
        Inventory Should Be    ${PLAYER}    7 stone    5 wood
    END
    GROUP    The audit log tells who, what and why
        ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
        Length Should Be    ${entries}    1    Every adjustment leaves one row in the audit log; found ${entries}
        Audit Entry Should Tell    ${entries}[0]    ${ADMINISTRATOR}    ${PLAYER}
        ...    stone before=10 after=7    wood before=0 after=5    reason=Refund for a lost chest
    END

An Adjustment's Rows Carry Its Type And Reason
    [Documentation]    Section 4: rows of type admin_adjustment, comment = the reason.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -4 stone    reason=Took back a double reward
    ${rows}    Rows Of Player    ${PLAYER}
    Length Should Be    ${rows}    2    An adjustment writes one row an item; found ${rows}
    Should Be Equal    ${rows[1].operation_type}    admin_adjustment
    Should Be Equal    ${rows[1].comment}    Took back a double reward
    Should Be Equal As Integers    ${rows[1].change}    -4

An Audit Row Stands In The Same Ledger As The Change
    [Documentation]    Audit log: admin, player, section, changes, reason, request id.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 ore    section=trade    reason=Compensation for downtime
    ${answer}    Last Answer
    ${entries}    Audit Rows Of    ${PLAYER}
    Length Should Be    ${entries}    1    Every adjustment leaves one row in the audit log; found ${entries}
    Audit Entry Should Tell    ${entries}[0]    ${ADMINISTRATOR}    ${PLAYER}    ore before=0 after=2
    ...    section=trade    reason=Compensation for downtime
    Should Be Equal    ${entries}[0][request_id]    ${answer.request_id}

An Adjustment Below Zero Is Refused And Leaves No Trace
    [Documentation]    Section 4: 400 insufficient_items, nothing written, no audit row; law 2.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -11 stone    expect=400 insufficient_items
    Missing Items Should Be    stone required=11 available=10
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    -1 ore    expect=400 insufficient_items
    ${entries}    Audit Rows Of    ${PLAYER}
    Should Be Empty    ${entries}    Nothing may be in the audit log here; found ${entries}
    Ledger Should Have Rows    ${PLAYER}    1
    Inventory Should Be    ${PLAYER}    10 stone

An Adjustment Down To Zero Empties The Variant
    [Documentation]    Section 4: only quantities above zero are answered.
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -10 stone
    Final Balances Should Be    0 stone
    Inventory Should Be    ${PLAYER}

What Is Reserved Is Not There To Be Adjusted Away
    [Documentation]    Laws 2 and 3: the factory holds what is reserved.
    ${operation}    Reserve    ${PLAYER}    8 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -3 stone    expect=400 insufficient_items
    Missing Items Should Be    stone required=3 available=2
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -2 stone
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    8 stone

The Audit Log Is Newest First And One Player's Alone
    [Documentation]    Section 4: GET /admin/inventory/audit.
    [Tags]    hardening
    ${other}    Create Player
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    reason=The first correction
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 wood    reason=The second correction
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    Length Should Be    ${entries}    2    Every adjustment leaves one row in the audit log; found ${entries}
    Should Be Equal    ${entries}[0][reason]    The second correction
    Should Be Equal    ${entries}[1][reason]    The first correction
    ${entries}    Read Audit Log    ${ADMINISTRATOR}    ${other}
    Should Be Empty    ${entries}    Nothing may be in the audit log here; found ${entries}

Adjustments And Reservations At The Same Instant Never Overdraw
    [Documentation]    Law 2: ten stones, taken from both sides at once.
    [Tags]    concurrency
    ${reserves}    Prepare Calls    15    reserve    ${PLAYER}    1 stone
    ${adjusts}    Prepare Adjustments    15    ${ADMINISTRATOR}    ${PLAYER}    -1 stone
    ${answers}    Send Together    ${reserves}    ${adjusts}
    Answers Should Be    ${answers}    200=10    insufficient_items=20
    Requests Should Have Overlapped    ${answers}
    Inventory Should Be    ${PLAYER}
