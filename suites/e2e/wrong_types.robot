*** Settings ***
Documentation    What has another type than a call takes, or is known but not of this item, is bad input (contract 4.1).

Resource         ../../resources/operations.resource
Resource         ../../resources/validation.resource
Resource         ../../resources/variants.resource

Suite Setup      Share One Administrator
Test Teardown    Run Keywords    Good Request Should Still Succeed
...                  AND    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
What Some Languages Take For Nothing Is Bad Input
    [Documentation]    4.1 S, 4.4 S: of another type where something may be missing, 36 digits that are no UUID,
    ...    and the UUID of nothing, which is no item's.
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
    items.0.item_id    "00000000-0000-0000-0000-000000000000"
    # Of an operation's id only hardening says of what form it is.
    operation_id    ${{ json.dumps("0" * 36) }}    200|4xx
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
    items.0.item_id    (missing)
    items.0.quantity    true
    items.0.quantity    null
    items.0.quantity    [1]
    items.1.quantity    true
    items.1.quantity    "1"
    items.0.item_id    "00000000-0000-0000-0000-000000000000"

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
    items.0.item_id    (missing)
    items.0.item_id    "00000000-0000-0000-0000-000000000000"

An Id That Is Empty Is Bad Input To Each Call
    [Documentation]    4.1 S, 4.4 S, 4.5 S, 4.6 S, 4.7 S: as one of blanks is, and a word of a language for nothing.
    [Template]    Empty Id Should Be Bad Input
    # the call    the id    the answer
    add-items    user_id    400
    add-items    operation_id    200|400
    reserve    user_id    400
    reserve    operation_id    200|400
    return-reserve    user_id    400|404
    return-reserve    operation_id    400|404
    consume-reserve    user_id    400|404
    consume-reserve    operation_id    400|404
    [Teardown]    Ledger Laws Should Hold For This Test

An Id That Is Empty Is Bad Input To An Adjustment
    [Documentation]    4.1 S, 4.9 S.
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    ""
    user_id    " "
    user_id    "null"
    items.0.item_id    ""
    items.0.item_id    " "

An Adjustment's Operation Id Of Whatever Form Is No Failure
    [Documentation]    4.1 S, 4.9 S: only hardening has one; who knows of none ignores it.
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused
    # member    its value, as JSON    the answer
    operation_id    "1234"    200|4xx
    operation_id    ""    200|4xx
    operation_id    null    200|4xx
    operation_id    7    200|4xx
    operation_id    [7]    200|4xx
    operation_id    {}    200|4xx
    operation_id    "a\\u0000"    200|4xx
    operation_id    "\\ud800"    200|4xx
    operation_id    "${{ uuid.uuid4() }}\\n"    200|4xx

What No Database Holds As Text Is An Unknown Code
    [Documentation]    4.1 S, 4.4 S: bad input, and no failure, with what does not fit and without.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    section    "cell\\u0000ar"
    operation_type    "gift\\ud800"
    items.0.collection    "\\u0000winter_1925"
    items.1.collection    "winter\\u0000_1925"
    items.1.quality_level    "gold\\ud800en"
    items.0.item_id    "\\u0000"
    operation_id    "${{ uuid.uuid4() }}\\u0000"    200|4xx

A Reservation Knows No Code That No Database Holds
    [Documentation]    4.1 S, 4.5 S: bad input, and no failure.
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    "\\u0000"
    operation_id    "a\\u0000"    4xx
    operation_id    "\\ud800"    4xx
    items.0.collection    "winter\\u0000_1925"
    items.1.quality_level    "gold\\ud800en"

An Adjustment Knows No Code That No Database Holds
    [Documentation]    4.1 S, 4.9 S: bad input, and no failure.
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    section    "cell\\u0000ar"
    items.0.collection    "winter\\u0000_1925"
    items.1.quality_level    "gold\\ud800en"

A Reservation's Id In The Path Is Bad Input If No Database Holds It
    [Documentation]    4.1 S, 4.8 S: or is not found; nor is one with a line's end behind it a failure.
    [Tags]    odd-form
    [Setup]    NONE
    [Template]    Read Reservation
    # the id
    %20    expect=4xx
    ${{ "%20" * 36 }}    expect=4xx
    %00    expect=4xx
    a%00    expect=4xx
    %ED%A0%80    expect=4xx
    ${{ uuid.uuid4() }}%0A    expect=4xx
    [Teardown]    NONE

A Code With A Blank Beside It Is Another
    [Documentation]    4.1 S, 4.4 S: and nobody's.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    section    "main "
    section    " main"
    operation_type    "chest_reward "
    items.0.collection    "base "
    items.0.quality_level    " base"
    items.0.quality_level    "base\\t"

A Code Is Not Known By Its Number
    [Documentation]    4.1 S, 4.4 S, 4.9 S, section 5: languages count what they list, from 0 or from 1.
    [Setup]    NONE
    [Template]    Numbers Should Be Refused By
    # the call    member
    add-items    section
    add-items    operation_type
    adjust    section
    [Teardown]    Ledger Laws Should Hold For This Test

The Id Of A Code Is Not The Code
    [Documentation]    4.1 S, 4.4 S, 4.9 S, section 5: before good calls, which may teach a service both, and after.
    [Setup]    Require Part    database
    [Template]    Id Of A Code Should Be Refused By
    # the call    member    classifier    code
    add-items    section    inventory_section    main
    add-items    operation_type    operation_type    chest_reward
    add-items    items.0.collection    collection    base
    add-items    items.1.quality_level    quality_level    base
    add-items    items.0.item_id    resource_type    stone
    adjust    section    inventory_section    main
    reserve    items.0.quality_level    quality_level    base
    [Teardown]    Ledger Laws Should Hold For This Test

The Id Of A Section Is Not Read
    [Documentation]    4.1 S, 4.3 S, section 5: before its code was read, and after.
    [Setup]    Run Keywords    Require Part    database    AND    Give The Test A Player Who Owns    3 stone
    FOR    ${section}    IN    main    trade
        ${id}    Id Of Code    inventory_section    ${section}
        Read Inventory    ${PLAYER}    ${id}    expect=400
        Read Inventory    ${PLAYER}    ${section}
        Read Inventory    ${PLAYER}    ${id}    expect=400
    END
    [Teardown]    NONE

A Reservation Names The Code That It Does Not Know
    [Documentation]    4.1 H: what is unknown is no want of items.
    [Tags]    hardening
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Value Should Be Refused By Name
    # member    its value, as JSON
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.1.collection    "winter_1925"
    items.0.quality_level    "golden"

A Consumption Names What It Refuses
    [Documentation]    4.1 H.
    [Tags]    hardening
    [Setup]    Prepare Bad Requests For    consume-reserve
    [Template]    Value Should Be Refused By Name
    # member    its value, as JSON
    user_id    "not-a-uuid"
    operation_id    (missing)

An Adjustment Names The Code That It Does Not Know
    [Documentation]    4.1 H.
    [Tags]    hardening
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused By Name
    # member    its value, as JSON
    items.0.item_id    "00000000-0000-4000-8000-000000000000"
    items.1.collection    "winter_1925"
    items.0.quality_level    "golden"

The Last Of Many Lines Is Judged Like The First
    [Documentation]    4.1 S, law 4: and nothing is written of those before it.
    [Tags]    long
    [Setup]    Run Keywords    Give The Test A Player Who Owns    200 stone    AND    Require Part    an administrator
    [Template]    Last Of Many Lines Should Be Refused
    # the call    its last line's member    its value, as JSON
    Add Items    item_id    "00000000-0000-4000-8000-000000000000"
    Add Items    collection    "winter_1925"
    Add Items    quality_level    "golden"
    Add Items    quantity    1.5
    Reserve    collection    "winter_1925"
    Reserve    quantity    1.5
    Adjust Inventory    collection    "winter_1925"
    Adjust Inventory    quantity_change    1.5
    [Teardown]    Ledger Laws Should Hold For This Test

Readers See All Lines Of A Call Or None
    [Documentation]    Law 4: of an addition, an adjustment and a consumption of 180 lines.
    [Tags]    long
    [Setup]    Run Keywords    Require Part    database    an administrator    AND    Give The Test A Player
    VAR    @{lines}    @{{ ["1 stone"] * 180 }}
    ${additions}    Prepare    1    Add Items    ${PLAYER}    @{lines}
    ${answers}    Send Together While The Total Is Watched    ${PLAYER}    ${additions}    by=180
    Skip If    $answers[0].status != 200    so many lines are not taken here
    ${adjustments}    Prepare    1    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{{ ["+1 stone"] * 180 }}
    Send Together While The Total Is Watched    ${PLAYER}    ${adjustments}    by=180
    ${operation}    Reserve    ${PLAYER}    @{lines}
    ${ends}    Prepare    1    Consume Reserve    ${PLAYER}    ${operation}
    Send Together While The Total Is Watched    ${PLAYER}    ${ends}    by=-180
    Inventory Should Be    ${PLAYER}    180 stone
    [Teardown]    Ledger Laws Should Hold For This Test

An Adjustment Takes No Code Of Another Item's List
    [Documentation]    4.1 S, 4.9 S, section 5: of an item that comes in a quality level and a collection of its own.
    [Setup]    Run Keywords    Require Part    database    disposable data    an administrator
    ...    AND    Give The Test A Player
    ${item}    Put An Item Into The Catalogue    rusty    autumn_1931
    What Is New Should Be Taken By    Add By Id    ${item}    rusty
    Wait Until Keyword Succeeds    3 s    100 ms    Adjust By Id    ${item}    rusty
    Adjust By Id    ${item}    stone    expect=400
    VAR    @{own}    items.0.collection    "autumn_1931"
    VAR    @{of_others}    items.0.collection    "summer_2025"
    Adjust By Id    ${item}    rusty    but=${own}
    Adjust By Id    ${item}    rusty    but=${of_others}    expect=400
    [Teardown]    NONE

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
Empty Id Should Be Bad Input
    [Documentation]    Fails unless a call is answered so when this id of it is empty, or as good as that, and taken
    ...    with its own (4.1).
    [Arguments]    ${call}    ${member}    ${expect}
    Prepare Bad Requests For    ${call}
    FOR    ${value}    IN    ""    " "    "${{ " " * 36 }}"    "null"
        Value Should Be Refused    ${member}    ${value}    ${expect}
    END
    Good Request Should Still Succeed

Numbers Should Be Refused By
    [Documentation]    Fails unless a call is refused whose member is a number, or the text of one, and taken with a
    ...    code (4.1).
    [Arguments]    ${call}    ${member}
    Prepare Bad Calls Of    ${call}
    FOR    ${number}    IN    0    1    "0"    "1"
        Value Should Be Refused    ${member}    ${number}
    END
    Good Request Should Still Succeed

Id Of A Code Should Be Refused By
    [Documentation]    Fails unless a call is refused that has the id of what it should name by its code, before and
    ...    after a good one (4.1). The last one is another operation: an id that was used is refused for that.
    [Arguments]    ${call}    ${member}    ${classifier}    ${code}
    Prepare Bad Calls Of    ${call}
    ${id}    Id Of Code    ${classifier}    ${code}
    Value Should Be Refused    ${member}    ${{ json.dumps($id) }}
    Good Request Should Still Succeed
    Prepare Bad Calls Of    ${call}
    Value Should Be Refused    ${member}    ${{ json.dumps($id) }}

Last Of Many Lines Should Be Refused
    [Documentation]    Fails unless a call of 150 lines is refused for its last one, and writes nothing. It is taken
    ...    without that.
    [Arguments]    ${call}    ${member}    ${value}
    VAR    @{wrong}    items.149.${member}    ${value}
    VAR    ${line}    ${{ "+1 stone" if $call == "Adjust Inventory" else "1 stone" }}
    VAR    @{caller}    @{{ [$ADMINISTRATOR] if $call == "Adjust Inventory" else [] }}
    Run Keyword    ${call}    @{caller}    ${PLAYER}    @{{ [$line] * 150 }}    but=${wrong}    expect=400|413
    Inventory Should Be    ${PLAYER}    200 stone
    Inventory Should Be    ${PLAYER}    section=factory
    ${other}    Create Player Who Owns    200 stone
    Run Keyword    ${call}    @{caller}    ${other}    @{{ [$line] * 150 }}    expect=200|413

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
