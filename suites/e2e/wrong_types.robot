*** Settings ***
Documentation    What has another type than a call takes, or is known but not of this item, is bad input (contract 4.1).

Resource         ../../resources/operations.resource
Resource         ../../resources/validation.resource

Suite Setup      Share One Administrator
Test Teardown    Run Keywords    Good Request Should Still Succeed
...                  AND    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
What Some Languages Take For Nothing Is Bad Input
    [Documentation]    4.1 S, 4.4 S: of another type where something may be missing, and 36 digits that are no UUID.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    comment    false
    comment    0
    items.0.collection    false
    items.0.collection    0
    items.0.quality_level    false
    items.0.quality_level    0
    items.0.item_id    ${{ json.dumps("0" * 36) }}
    operation_id    ${{ json.dumps("0" * 36) }}
    user_id    ${{ json.dumps("0" * 36) }}

A Reservation Refuses What Is Of Another Type
    [Documentation]    4.1 S, 4.5 S.
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    operation_id    [7]
    user_id    42
    user_id    null
    user_id    ["a"]
    items    {}
    items.0.item_id    7
    items.0.item_id    null
    items.0.collection    5
    items.0.collection    {}
    items.0.quality_level    true
    items.1.quality_level    ["base"]

The End Of A Reservation Refuses What Is Of Another Type
    [Documentation]    4.1 S, 4.7 S: the id of an active reservation in a list is none.
    [Setup]    Prepare Bad Requests For    consume-reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    operation_id    ${{ json.dumps([$GOOD_BODY["operation_id"]]) }}
    operation_id    7
    user_id    ${{ json.dumps([$GOOD_BODY["user_id"]]) }}
    user_id    false

An Adjustment Refuses What Is Of Another Type
    [Documentation]    4.1 S, 4.9 S.
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    section    7
    section    ["main"]
    user_id    42
    user_id    null
    user_id    ["a"]
    items    {}
    items.0.item_id    7
    items.0.item_id    null
    items.0.collection    5
    items.0.collection    {}
    items.0.quality_level    true
    items.1.quality_level    ["base"]

A Quality Level That An Item Does Not Come In Is Unknown
    [Documentation]    4.1 S, 4.4 S, 4.9 S, section 5: though other items do.
    [Setup]    Run Keywords    Require Part    database    an administrator    AND    Give The Test A Player
    ${plain}    ${level}    Item Without Quality Levels And A Level
    VAR    @{named}    items.0.quality_level    "${level}"
    Add Items    ${PLAYER}    1 ${plain}
    Add Items    ${PLAYER}    1 ${plain}    but=${named}    expect=400
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 ${plain}    but=${named}    expect=400
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 ${plain}
    Inventory Should Be    ${PLAYER}    2 ${plain}
    [Teardown]    Ledger Laws Should Hold For This Test


*** Keywords ***
Item Without Quality Levels And A Level
    [Documentation]    An item that comes in no quality level but the standard one, and one in which others come
    ...    (section 5). Skips the test when there is none.
    ${variants}    Variants Of Every Kind    100000
    ${codes}    Codes Of    quality_level
    VAR    ${levels}    ${{ {one.split(" of ")[0] for one in $variants} }}
    VAR    ${leveled}    ${{ {one.split(" ")[-1] for one in $levels if " " in one} }}
    VAR    ${worded}    ${{ {one for one in $levels if " " in one} }}
    VAR    ${plain}    ${{ next(iter(sorted($levels - $leveled - $worded)), None) }}
    VAR    ${level}    ${{ next(iter(sorted({*$codes} - {"base"})), None) }}
    Skip If
    ...    $plain is None or $level is None
    ...    each item of the catalogue comes in quality levels, or there are none
    RETURN    ${plain}    ${level}
