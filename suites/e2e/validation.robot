*** Settings ***
Documentation    Bad requests are refused and leave nothing behind (contract 4.1). Each row spoils a good request in one
...              point; the good one is sent at the end of each test, and succeeds.

Resource         ../../resources/validation.resource

Suite Setup      Share One Administrator
Test Teardown    Good Request Should Leave A Lawful Ledger

Test Tags        e2e


*** Test Cases ***
Adding Items Refuses Every Bad Value
    [Documentation]    4.1 S, 4.4 S.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused
    # member    its value, as JSON    the answer, unless it is 400
    user_id    (missing)
    user_id    null
    user_id    42
    user_id    "not-a-uuid"
    user_id    ""
    section    (missing)
    section    "cellar"
    section    "Main"
    section    "resources"
    section    ""
    section    null
    section    7
    operation_type    (missing)
    operation_type    "gift_from_nobody"
    operation_type    "Chest_Reward"
    operation_type    "main"
    operation_type    ""
    operation_type    3
    operation_id    (missing)
    operation_id    null
    operation_id    "1234"    200|400
    items    (missing)
    items    []    4xx
    items    {}
    items    null
    items.0    "stone"
    items.0.item_id    (missing)
    items.0.item_id    "stone"
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.0.collection    "winter_1925"
    items.0.collection    "main"
    items.0.collection    5
    items.0.quality_level    "golden"
    items.0.quality_level    "main"
    items.0.quality_level    true
    items.0.quantity    (missing)
    items.0.quantity    null
    items.0.quantity    0    4xx
    items.0.quantity    -1    4xx
    items.0.quantity    1.5
    items.0.quantity    "5"
    items.0.quantity    true
    items.0.quantity    100000000000000000000    4xx
    items.0.quantity    1e300    4xx
    items.0.quantity    [1]
    items.0    null
    items.1    {}
    items.1.item_id    "00000000-0000-4000-8000-000000000000"
    items.1.collection    "winter_1925"
    items.1.quality_level    "golden"
    items.1.quantity    0    4xx
    items.1.quantity    -1    4xx
    items.1.quantity    "1"
    comment    5

Items Are Not Added By Types That Have Calls Of Their Own
    [Documentation]    4.4 H.
    [Tags]    hardening
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    operation_type    "factory_reservation"
    operation_type    "factory_return"
    operation_type    "factory_consumption"
    operation_type    "admin_adjustment"

Adding Items Names What It Refuses
    [Documentation]    4.1 H.
    [Tags]    hardening
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused By Name
    # member    its value, as JSON
    user_id    "not-a-uuid"
    section    "cellar"
    operation_type    "gift_from_nobody"
    operation_id    (missing)
    items    []
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.0.collection    "winter_1925"
    items.1.collection    ""
    items.0.quality_level    "golden"
    items.1.quality_level    ""
    items.0.quantity    "5"
    items.0.quantity    9007199254740992
    comment    "a\\u0000b"

A Comment Has At Most 500 Characters
    [Documentation]    4.4 S.
    [Setup]    Prepare Bad Requests For    add-items
    ${longest}    Evaluate    "ä" * 499 + "😀"
    VAR    &{GOOD_BODY}    &{GOOD_BODY}    comment=${longest}    scope=TEST
    Value Should Be Refused    comment    ${longest}!    4xx
    [Teardown]    Comment Should Be Kept Whole

Reserving Refuses Every Bad Value
    [Documentation]    4.1 S, 4.5 S.
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON    the answer, unless it is 400
    user_id    (missing)
    user_id    "not-a-uuid"
    operation_id    (missing)
    operation_id    ""    200|400
    items    (missing)
    items    []    4xx
    items    "1 stone"
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.0.item_id    null
    items.0.collection    "winter_1925"
    items.0.collection    "main"
    items.0.quality_level    "golden"
    items.0.quality_level    "main"
    items.0.quantity    (missing)
    items.0.quantity    0    4xx
    items.0.quantity    -5    4xx
    items.0.quantity    0.5
    items.0.quantity    "5"
    items.0.quantity    false
    items.1.item_id    "00000000-0000-4000-8000-000000000000"
    items.1.collection    "winter_1925"
    items.1.quality_level    "golden"
    items.1.quantity    0    4xx
    items.1.quantity    1.5

Reserving Names What It Refuses
    [Documentation]    4.1 H.
    [Tags]    hardening
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Value Should Be Refused By Name
    # member    its value, as JSON
    user_id    "not-a-uuid"
    operation_id    (missing)
    items    []
    items.0.item_id    null
    items.0.quantity    -5
    items.0.quantity    9007199254740992

Returning Refuses Every Bad Value
    [Documentation]    4.1 S, 4.6 S.
    [Setup]    Prepare Bad Requests For    return-reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    (missing)
    user_id    "not-a-uuid"    400|404
    user_id    []
    operation_id    (missing)
    operation_id    "not-a-uuid"    400|404
    operation_id    12    400|404

Consuming Refuses Every Bad Value
    [Documentation]    4.1 S, 4.7 S.
    [Setup]    Prepare Bad Requests For    consume-reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    (missing)
    user_id    "not-a-uuid"    400|404
    user_id    {}
    operation_id    (missing)
    operation_id    "not-a-uuid"    400|404
    operation_id    null

Ending A Reservation Names What It Refuses
    [Documentation]    4.1 H.
    [Tags]    hardening
    [Setup]    Prepare Bad Requests For    return-reserve
    [Template]    Value Should Be Refused By Name
    # member    its value, as JSON
    user_id    "not-a-uuid"
    operation_id    12

Adjusting Refuses Every Bad Value
    [Documentation]    4.1 S, 4.9 S.
    [Tags]    admin
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused
    # member    its value, as JSON    the answer, unless it is 400
    user_id    (missing)
    user_id    "not-a-uuid"
    section    (missing)
    section    "attic"
    section    "resources"
    items    []    4xx
    items    (missing)
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.0.quality_level    "golden"
    items.0.quality_level    "main"
    items.0.quantity_change    (missing)
    items.0.quantity_change    0    4xx
    items.0.quantity_change    1.5
    items.0.quantity_change    "5"
    items.0.quantity_change    true
    items.0.collection    "winter_1925"
    items.0.collection    "main"
    items.1.item_id    "00000000-0000-4000-8000-000000000000"
    items.1.collection    "winter_1925"
    items.1.quality_level    "golden"
    items.1.quantity_change    0    4xx
    items.1.quantity_change    "5"
    reason    (missing)
    reason    "too short"    4xx
    reason    null
    reason    ""    4xx
    reason    12345678901

A Reason Has 10 To 500 Characters
    [Documentation]    4.9 S: characters, not bytes.
    [Tags]    admin
    [Setup]    Prepare Bad Adjustments
    Value Should Be Refused    reason    ${{ "ä" * 9 }}    4xx
    Value Should Be Refused    reason    ${{ "ä" * 501 }}    4xx
    Value Should Be Refused    reason    ${{ "😀" * 5 }}    4xx
    Send    POST    ${PATH}    ${GOOD_BODY}    but=${{ ["reason", "ä" * 10] }}    to=${TO}    by=${BY}
    VAR    &{GOOD_BODY}    &{GOOD_BODY}    reason=${{ "ä" * 499 + "😀" }}    scope=TEST

Adjusting Names What It Refuses
    [Documentation]    4.1 H.
    [Tags]    admin    hardening
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused By Name
    # member    its value, as JSON
    section    "attic"
    items.0.quantity_change    0
    items.0.quantity_change    -9007199254740992
    reason    "with a NUL \\u0000 in it"

A Malformed Body Is Refused By Every Call
    [Documentation]    4.1 S.
    [Template]    Malformed Bodies Should Be Refused By
    # call
    add-items
    reserve
    return-reserve
    consume-reserve
    [Teardown]    Ledger Laws Should Hold For This Test

A Refusal Tells A Code And A Message
    [Documentation]    4.2 S.
    [Setup]    Give The Test A Player Who Owns    1 stone
    ${operation}    New Id
    Reserve    ${PLAYER}    2 stone    expect=400
    Last Answer Should Be A Refusal
    Read Inventory    ${NONE}    expect=401
    Last Answer Should Be A Refusal
    Return Reserve    ${PLAYER}    ${operation}    expect=404
    Last Answer Should Be A Refusal
    Read Inventory    ${PLAYER}    cellar    expect=400
    Last Answer Should Be A Refusal
    [Teardown]    Ledger Laws Should Hold For This Test

A Question For A Reservation That Is Not There Is Refused With A Code And A Message
    [Documentation]    4.2 H, 4.8 S: of its answer 4.8 names one member.
    [Tags]    hardening
    ${operation}    New Id
    Reservation Should Not Exist    ${operation}
    Last Answer Should Be A Refusal
    [Teardown]    No Operation

A Refusal Of What Is Not There Tells A Code And A Message
    [Documentation]    4.2 H.
    [Tags]    hardening
    [Setup]    Give The Test A Player
    [Template]    What Is Not There Should Be Refused
    # call    the answer
    GET /nowhere    404
    POST /nowhere    404
    GET /inventory/    404
    DELETE /inventory    404|405
    POST /inventory    404|405
    [Teardown]    Read Inventory    ${PLAYER}

Anything After The Body Is Refused
    [Documentation]    4.1 H.
    [Tags]    hardening
    [Setup]    Prepare Bad Requests For    reserve
    ${text}    Evaluate    json.dumps($GOOD_BODY)    modules=json
    Body Should Be Refused    ${text} trailing    400 validation_failed
    Body Should Be Refused    ${text}${text}    400 validation_failed

A Body Over 1 MiB Is Refused
    [Documentation]    4.1 H: 413.
    [Tags]    hardening
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Of Bytes Should Be Refused
    # bytes
    1048577
    3000000

What Is Unknown Is Ignored And The Standard Variant May Be Named
    [Documentation]    4.1 S, 4.4 S, 4.5 S, 4.6 S, 4.7 S, 4.9 S: by each call; `base` is what is meant without a code.
    [Template]    Request Should Succeed With
    # call    member    its value, as JSON
    add-items    unheard_of    {"of": 1}
    add-items    items.0.unheard_of    ["of"]
    add-items    items.0.collection    "base"
    add-items    items.0.quality_level    "base"
    reserve    unheard_of    {"of": 1}
    reserve    section    "trade"
    reserve    items.0.quantity_change    "a"
    reserve    items.0.quality_level    "base"
    return-reserve    unheard_of    {"of": 1}
    consume-reserve    unheard_of    "of"
    consume-reserve    section    "trade"
    adjust    unheard_of    {"of": 1}
    adjust    items.0.quantity    "a"
    adjust    items.0.collection    "base"
    [Teardown]    Ledger Laws Should Hold For This Test

A Section That Does Not Exist Cannot Be Read
    [Documentation]    4.1 S, 4.3 S.
    [Setup]    Give The Test A Player
    [Template]    Reading A Section Should Be Refused
    # section
    cellar
    resources
    MAIN
    main,factory
    0
    %00
    [Teardown]    Read Inventory    ${PLAYER}    main

A Section That Is Named By Nothing Cannot Be Read Either
    [Documentation]    4.1 H, 4.3 S: main is the default of who names none.
    [Tags]    hardening
    [Setup]    Give The Test A Player
    Read Inventory    ${PLAYER}    ${EMPTY}    expect=400 validation_failed
    [Teardown]    Read Inventory    ${PLAYER}

A Reservation's Id Must Be A UUID
    [Documentation]    4.8 H: 400 for a malformed id.
    [Tags]    hardening
    [Template]    Read Reservation
    # id    the answer
    not-a-uuid    expect=400 validation_failed
    1234    expect=400 validation_failed
    00000000-0000-4000-8000-00000000000g    expect=400 validation_failed
    [Teardown]    NONE


*** Keywords ***
Comment Should Be Kept Whole
    [Documentation]    For the teardown: the good request succeeds, and its rows carry all of the comment.
    Good Request Should Leave A Lawful Ledger
    IF    $GOOD_BODY is None    RETURN
    Operation Should Be Commented    ${GOOD_BODY}[user_id]    ${GOOD_BODY}[operation_id]    ${GOOD_BODY}[comment]

Good Request Should Leave A Lawful Ledger
    [Documentation]    For teardowns: the good request succeeds, and the ledger has only what was accepted.
    Good Request Should Still Succeed
    Ledger Laws Should Hold For This Test

Malformed Bodies Should Be Refused By
    [Documentation]    Whole bodies that no call may accept, nor lists of the good one; that is accepted afterwards.
    [Arguments]    ${call}
    Prepare Bad Requests For    ${call}
    VAR    ${values}    ${{ list(map($GOOD_BODY.get, sorted($GOOD_BODY, key="comment".__eq__))) }}
    FOR    ${body}    IN    ${EMPTY}    {    null    []    "text"    ${{ b'{"user_id": "\\xff\\xfe"}' }}
    ...    ${{ json.dumps($values) }}    ${{ json.dumps([$GOOD_BODY]) }}
        Body Should Be Refused    ${body}
    END
    Good Request Should Still Succeed

Request Should Succeed With
    [Documentation]    Fails unless a good request of a call succeeds when a member has this value.
    [Arguments]    ${call}    ${member}    ${value}
    IF    $call == "adjust"
        Prepare Bad Adjustments
    ELSE
        Prepare Bad Requests For    ${call}
    END
    Send    POST    ${PATH}    ${GOOD_BODY}    but=${{ [$member, $value] }}    to=${TO}    by=${BY}

Body Of Bytes Should Be Refused
    [Documentation]    Fails unless the good body is refused when it is padded to so many bytes.
    [Arguments]    ${size}
    ${empty}    Evaluate    len(json.dumps({**$GOOD_BODY, "padding": ""}))    modules=json
    ${text}    Evaluate    json.dumps({**$GOOD_BODY, "padding": "x" * (${size} - ${empty})})    modules=json
    Body Should Be Refused    ${text}    413

Reading A Section Should Be Refused
    [Documentation]    400 for a section that is none, however often it is asked for.
    [Arguments]    ${section}
    Repeat Keyword    2 times    Read Inventory    ${PLAYER}    ${section}    expect=400
