*** Settings ***
Documentation    Bodies that could be read in two ways are refused, and write nothing (contract 4.1).

Resource         ../../resources/validation.resource

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

A Member That Stands Twice Is Refused By The End Of A Reservation
    [Documentation]    4.1 H.
    [Setup]    Prepare Bad Requests For    return-reserve
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes
    "user_id"    "user_id": "00000000-0000-4000-8000-000000000001", "user_id"
    "operation_id"    "operation_id": "00000000-0000-4000-8000-000000000001", "operation_id"

A Member That Stands Twice Is Refused By An Adjustment
    [Documentation]    4.1 H.
    [Setup]    Run Keywords    Need One Administrator
    ...    AND    Prepare Bad Adjustments
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


*** Keywords ***
Body Should Be Refused With
    [Documentation]    Fails unless the good body is refused once its first piece of this text is another.
    [Arguments]    ${text}    ${becomes}
    VAR    ${good}    ${{ json.dumps($GOOD_BODY) }}
    Should Contain    ${good}    ${text}    The good body has no ${text}: the row proves nothing
    Send    POST    ${PATH}    to=${TO}    by=${BY}    raw=${{ $good.replace($text, $becomes, 1).encode("latin-1") }}
    ...    expect=400 validation_failed
