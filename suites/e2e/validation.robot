*** Settings ***
Documentation    Bad requests are refused by name and leave nothing behind (contract, section 4: validation_failed,
...              never a 5xx).

Resource         ../../resources/validation.resource
Resource         ../../resources/inventory.resource
Resource         ../../resources/administration.resource
Resource         ../../resources/ledger.resource

Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
Adding Items Refuses Every Bad Value
    [Documentation]    Section 4: POST /inventory/add-items.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    (missing)
    user_id    null
    user_id    42
    user_id    "not-a-uuid"
    section    (missing)
    section    "cellar"
    section    7
    operation_type    (missing)
    operation_type    "gift_from_nobody"
    operation_id    (missing)
    operation_id    "1234"
    operation_id    "{00000000-0000-4000-8000-00000000000"
    items    (missing)
    items    []
    items    {}
    items    null
    items.0    "stone"
    items.0.item_id    (missing)
    items.0.item_id    "stone"
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.0.collection    "winter_1925"
    items.0.collection    5
    items.0.quality_level    "golden"
    items.0.quality_level    true
    items.0.quantity    (missing)
    items.0.quantity    null
    items.0.quantity    0
    items.0.quantity    -1
    items.0.quantity    1.5
    items.0.quantity    "5"
    items.0.quantity    true
    items.0.quantity    9007199254740992
    items.0.quantity    100000000000000000000
    items.0.quantity    1e300
    items.0.quantity    [1]
    comment    5
    comment    "a\\u0000b"

A Comment Has At Most 500 Characters
    [Documentation]    Section 4: POST /inventory/add-items.
    ${player}    Create Player
    ${longest}    Evaluate    "ä" * 500
    Add Items    ${player}    1 stone    comment=${longest}
    Add Items    ${player}    1 stone    comment=${longest}!    expect=400 validation_failed
    Inventory Should Be    ${player}    1 stone

Reserving Refuses Every Bad Value
    [Documentation]    Section 4: POST /inventory/reserve.
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    (missing)
    user_id    "not-a-uuid"
    operation_id    (missing)
    operation_id    ""
    items    (missing)
    items    []
    items    "1 stone"
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.0.item_id    null
    items.0.collection    "winter_1925"
    items.0.quality_level    "golden"
    items.0.quantity    (missing)
    items.0.quantity    0
    items.0.quantity    -5
    items.0.quantity    0.5
    items.0.quantity    "5"
    items.0.quantity    false
    items.0.quantity    9007199254740992

Returning Refuses Every Bad Value
    [Documentation]    Section 4: POST /inventory/return-reserve.
    [Setup]    Prepare Bad Requests For    return-reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    (missing)
    user_id    "not-a-uuid"
    user_id    []
    operation_id    (missing)
    operation_id    "not-a-uuid"
    operation_id    12

Consuming Refuses Every Bad Value
    [Documentation]    Section 4: POST /inventory/consume-reserve.
    [Setup]    Prepare Bad Requests For    consume-reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    (missing)
    user_id    "not-a-uuid"
    user_id    {}
    operation_id    (missing)
    operation_id    "not-a-uuid"
    operation_id    null

Adjusting Refuses Every Bad Value
    [Documentation]    Section 4: POST /admin/inventory/adjust.
    [Tags]    admin
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    (missing)
    user_id    "not-a-uuid"
    section    (missing)
    section    "attic"
    items    []
    items    (missing)
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.0.quality_level    "golden"
    items.0.quantity_change    (missing)
    items.0.quantity_change    0
    items.0.quantity_change    1.5
    items.0.quantity_change    "5"
    items.0.quantity_change    true
    items.0.quantity_change    -9007199254740992
    reason    (missing)
    reason    "too short"
    reason    null
    reason    "with a NUL \\u0000 in it"

A Malformed Body Is Refused By Every Call
    [Documentation]    Section 4: a malformed body is 400; nothing is written.
    [Template]    Malformed Bodies Should Be Refused By
    # call
    add-items
    reserve
    return-reserve
    consume-reserve

A Body Over 1 MiB Is Refused And One Below Is Read
    [Documentation]    Section 4: 413.
    [Setup]    Prepare Bad Requests For    add-items
    Body Of Bytes Should Be Refused    1048577    413
    Body Of Bytes Should Be Refused    3000000    413
    Unknown Members Should Be Ignored

A Section That Does Not Exist Cannot Be Read
    [Documentation]    Section 4: GET /inventory.
    [Setup]    Give The Test A Player
    [Template]    Reading A Section Should Be Refused
    # section
    cellar
    MAIN
    main,factory
    %00
    ${EMPTY}

A Reservation's Id Must Be A UUID
    [Documentation]    Section 4: 400 for a malformed id.
    [Setup]    Require Part    internal calls
    [Template]    Reservation Should Be Refused
    # id    the answer
    not-a-uuid    400 validation_failed
    1234    400 validation_failed
    00000000-0000-4000-8000-00000000000g    400 validation_failed


*** Keywords ***
Prepare Bad Adjustments
    [Documentation]    The player and the good adjustment that the rows of a table spoil.
    ${administrator}    The Administrator
    Prepare Bad Requests For    adjust    ${administrator}

Malformed Bodies Should Be Refused By
    [Documentation]    Whole bodies that no call may accept; the good one is accepted afterwards.
    [Arguments]    ${call}
    Prepare Bad Requests For    ${call}
    Body Should Be Refused    ${EMPTY}
    Body Should Be Refused    {
    Body Should Be Refused    null
    Body Should Be Refused    []
    Body Should Be Refused    "text"
    Body Should Be Refused    {"user_id": "x"} trailing
    Good Request Should Still Succeed

Reading A Section Should Be Refused
    [Documentation]    400 for a section that is none.
    [Arguments]    ${section}
    Read Inventory    ${PLAYER}    section=${section}    expect=400 validation_failed
