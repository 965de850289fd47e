*** Settings ***
Documentation    Bodies that could be read in two ways are refused, and write nothing (contract 4.1).

Resource         ../../resources/validation.resource

Suite Setup      Share One Administrator
Test Teardown    Run Keywords    Good Request Should Still Succeed
...                  AND    Ledger Laws Should Hold For This Test

Test Tags        e2e    hardening


*** Test Cases ***
A Member That Stands Twice Is Refused
    [Documentation]    4.1 H: whichever it is, wherever it stands, and also with the same value.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes
    "section"    "section": "trade", "section"
    "operation_id"    "operation_id": "00000000-0000-4000-8000-000000000001", "operation_id"
    "quantity"    "quantity": 5, "quantity"
    "comment"    "unknown": 1, "unknown": 2, "comment"
    "comment"    "sect\\u0069on": "main", "comment"

A Member Is Known In Its Own Letters Only
    [Documentation]    4.1 H: in capitals it is another one, and the one that is needed is missing.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes
    "user_id"    "USER_ID"
    "section"    "Section"
    "operation_type"    "Operation_Type"
    "operation_id"    "Operation_Id"
    "items"    "Items"
    "item_id"    "Item_id"
    "quantity"    "Quantity"

A Member That Stands Twice Is Refused By The End Of A Reservation
    [Documentation]    4.1 H.
    [Setup]    Prepare Bad Requests For    return-reserve
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes
    "user_id"    "user_id": "00000000-0000-4000-8000-000000000001", "user_id"
    "operation_id"    "operation_id": "00000000-0000-4000-8000-000000000001", "operation_id"

A Member That Stands Twice Is Refused By An Adjustment
    [Documentation]    4.1 H.
    [Setup]    Prepare Bad Adjustments
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes
    "reason"    "reason": "Another reason for it", "reason"
    "quantity_change"    "quantity_change": 5, "quantity_change"

A Body That Is Not UTF-8 Is Refused
    [Documentation]    4.1 H: also in a member that nobody knows.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes, byte by byte
    "comment"    "unknown": "\xff\xfe", "comment"
    "comment"    "unknown": "\xed\xa0\x80", "comment"
    "comment": "    "comment": "\xc3\x28

A Member's Name Has One Case
    [Documentation]    4.1 H: another case is another member, and the one that is needed is missing.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes
    "user_id"    "USER_ID"
    "operation_id"    "Operation_Id"
    "items"    "Items"
    "quantity"    "Quantity"

No Body However Odd Is Answered As A Failure Of The Service
    [Documentation]    4.1 S: what is odd is refused or, in a member that nobody knows, ignored.
    [Tags]    -hardening
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused Or Ignored With
    # in the good body, as text    becomes, byte by byte
    "comment"    "unknown": "\xff\xfe", "comment"
    "comment"    "unknown": "\xed\xa0\x80", "comment"
    "comment"    "unknown": "\\ud800", "comment"
    "comment"    "unknown": 1e400, "comment"
    "comment"    "unknown": ${{ "9" * 4500 }}, "comment"
    "comment"    "unknown": ${{ "[" * 1500 + "]" * 1500 }}, "comment"
    "comment"    "unknown": ${{ '{"a":' * 1500 + "1" + "}" * 1500 }}, "comment"
    "comment": "    "comment": "\xc3\x28
    "comment": "    "comment": "\\u0000
    "comment": "    "comment": "\\ud800
    "quantity": 1    "quantity": ${{ "9" * 4500 }}    4xx
    "quantity": 1    "quantity": 1e400    4xx
    "quantity": 1    "quantity": ${{ "[" * 1500 + "]" * 1500 }}    400
    [Teardown]    Ledger Laws Should Hold For This Test

No Adjustment However Odd Is Answered As A Failure Of The Service
    [Documentation]    4.1 S, 4.9 S: numbers beyond all bounds, and nothing where there has to be something.
    [Tags]    -hardening
    [Setup]    Prepare Bad Adjustments
    [Template]    Body Should Be Refused Or Ignored With
    # in the good body, as text    becomes, byte by byte    the answer
    "quantity_change": 1    "quantity_change": 100000000000000000000    4xx
    "quantity_change": 1    "quantity_change": -100000000000000000000    4xx
    "quantity_change": 1    "quantity_change": 1e300    4xx
    "quantity_change": 1    "quantity_change": null    4xx
    "items": [    "items": null, "unknown": [    4xx
    "items": [    "items": {}, "unknown": [    4xx
    "section": "main"    "section": null    4xx
    "reason": "    "reason": "\\u0000
    "reason": "    "reason": "\\ud800
    [Teardown]    Ledger Laws Should Hold For This Test

No Reservation However Odd Is Answered As A Failure Of The Service
    [Documentation]    4.1 S, 4.5 S: likewise.
    [Tags]    -hardening
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Body Should Be Refused Or Ignored With
    # in the good body, as text    becomes, byte by byte    the answer
    "quantity": 1    "quantity": 100000000000000000000    4xx
    "quantity": 1    "quantity": -100000000000000000000    4xx
    "items": [    "items": null, "unknown": [    4xx
    "items": [    "items": {}, "unknown": [    4xx
    [Teardown]    Ledger Laws Should Hold For This Test

A Body That Is Not An Object Is No Failure Of The Service
    [Documentation]    4.1 S, 4.9 S: whatever it is, of an adjustment too.
    [Tags]    -hardening
    [Setup]    Prepare Bad Adjustments
    [Template]    Body Should Be Refused
    # the body
    null
    7
    "text"


*** Keywords ***
Body Should Be Refused With
    [Documentation]    Fails unless the good body is refused once its first piece of this text is another.
    [Arguments]    ${text}    ${becomes}    ${expect}=400 validation_failed
    VAR    ${good}    ${{ json.dumps($GOOD_BODY) }}
    Should Contain    ${good}    ${text}    The good body has no ${text}: the row proves nothing
    Send    POST    ${PATH}    to=${TO}    by=${BY}    raw=${{ $good.replace($text, $becomes, 1).encode("latin-1") }}
    ...    expect=${expect}

Body Should Be Refused Or Ignored With
    [Documentation]    Fails when a good addition with such a piece of text is answered by anything but 200 or 400, and
    ...    unless the good one is accepted afterwards.
    [Arguments]    ${text}    ${becomes}    ${expect}=200|400
    Give The Good Body A New Id
    Body Should Be Refused With    ${text}    ${becomes}    ${expect}
    Give The Good Body A New Id
    Good Request Should Still Succeed

Give The Good Body A New Id
    [Documentation]    What was sent before may have been accepted.
    ${operation}    New Id
    VAR    ${GOOD_BODY}    ${{ {**$GOOD_BODY, "operation_id": $operation} }}    scope=TEST
