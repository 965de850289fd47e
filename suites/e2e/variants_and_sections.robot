*** Settings ***
Documentation    Item, quality and collection make a variant, and each section has its own balance of it: whatever a
...              call does to one of them, the others stay as they are (contract 4.3 to 4.9; laws 1 to 4). Each row of
...              a table is a player of its own.

Resource         ../../resources/operations.resource
Resource         ../../resources/variants.resource

Suite Setup      Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
A Call About One Quality Or Item Leaves The Others As They Are
    [Documentation]    4.3 S, 4.4 S, 4.5 S, 4.6 S, 4.7 S, 4.9 S, law 3.
    [Tags]    long
    [Template]    Call Should Touch One Variant
    # what is done    the variant    its kin, which must not change
    Add    tools/axe    metal tools/axe    stone
    Add    metal tools/axe    tools/axe    stone
    Reserve    tools/axe    metal tools/axe    stone
    Reserve    metal tools/axe    wooden tools/axe    stone
    Return    metal tools/axe    tools/axe    stone
    Consume    tools/axe    metal tools/axe    stone
    Consume    metal tools/axe    tools/axe    stone
    Adjust    tools/axe    metal tools/axe    stone
    Adjust    metal tools/axe    wooden tools/axe    stone

A Call About One Collection Leaves The Others As They Are
    [Documentation]    4.3 S, 4.4 S, 4.5 S, 4.6 S, 4.7 S, 4.9 S, law 3.
    [Template]    Call Should Touch One Variant
    # what is done    the variant    its kin, which must not change
    Add    tools/axe    tools/axe of summer_2025    metal tools/axe
    Add    metal tools/axe of summer_2025    metal tools/axe    tools/axe of summer_2025
    Reserve    tools/axe    tools/axe of summer_2025    metal tools/axe of summer_2025
    Reserve    metal tools/axe of summer_2025    metal tools/axe    tools/axe of summer_2025
    Return    metal tools/axe of summer_2025    metal tools/axe    tools/axe of summer_2025
    Consume    tools/axe of summer_2025    tools/axe    metal tools/axe of summer_2025
    Adjust    metal tools/axe of summer_2025    metal tools/axe    tools/axe of summer_2025
    Adjust    tools/axe    tools/axe of summer_2025    stone

Variants Of Before Today Are Kept Apart Too
    [Documentation]    4.5 S, 4.9 S, 5.1 S, law 1: the balance of a variant comes from its own history.
    [Setup]    Require Part    database    disposable data
    [Template]    Call Should Touch One Variant Of A Player With History
    # what is done    the variant    its kin, which must not change
    Add    metal tools/axe    tools/axe    stone
    Reserve    tools/axe    metal tools/axe    wood
    Reserve    metal tools/axe    tools/axe    stone
    Return    metal tools/axe    wooden tools/axe    stone
    Consume    tools/axe    metal tools/axe    stone
    Adjust    metal tools/axe    tools/axe    stone

Collections Of Before Today Are Kept Apart Too
    [Documentation]    4.5 S, 4.9 S, 5.1 S, law 1: the balance of a variant comes from its own history.
    [Setup]    Require Part    database    disposable data
    [Template]    Call Should Touch One Variant Of A Player With History
    # what is done    the variant    its kin, which must not change
    Reserve    metal tools/axe of summer_2025    metal tools/axe    tools/axe of summer_2025
    Consume    tools/axe    tools/axe of summer_2025    metal tools/axe of summer_2025
    Adjust    tools/axe of summer_2025    tools/axe    metal tools/axe of summer_2025

What Is There Of A Kin Does Not Cover What Is Missing
    [Documentation]    4.5 S, 4.9 S, law 2: of one variant too little is too little, however much there is of its kin.
    [Template]    Kin Should Not Cover What Is Missing
    # the variant    its kin
    tools/axe    metal tools/axe
    metal tools/axe    tools/axe
    stone    wood

What Is There Of Another Collection Does Not Cover What Is Missing
    [Documentation]    4.5 S, 4.9 S, law 2.
    [Template]    Kin Should Not Cover What Is Missing
    # the variant    its kin
    tools/axe    tools/axe of summer_2025
    tools/axe of summer_2025    tools/axe
    metal tools/axe of summer_2025    metal tools/axe

Each Item Of An Addition Has A Row Of Its Own Also When It Is Named Twice
    [Documentation]    4.4 S.
    [Setup]    Require Part    database
    ${player}    Create Player
    ${operation}    Add Items    ${player}    2 stone    3 stone
    Operation Should Have Rows    ${player}    ${operation}    chest_reward    2 stone in main    3 stone in main
    ${ids}    Last Row Ids
    Length Should Be    ${ids}    2    The answer names ${ids} for two rows (4.4)

A Repeat Is Known By Each Of Its Lines
    [Documentation]    4.11 H: variants of one item in any order, one of them twice; two that exchange quantities.
    [Tags]    hardening
    [Setup]    Give The Test A Player
    VAR    @{lines}    3 metal tools/axe    9 tools/axe    4 tools/axe of summer_2025    5 tools/axe
    ...    1 metal tools/axe of summer_2025    6 metal tools/axe    2 stone
    VAR    @{others}    4 metal tools/axe    9 tools/axe    3 tools/axe of summer_2025    @{lines}[3:]
    FOR    ${call}    IN    Add Items    Reserve
        ${operation}    Run Keyword    ${call}    ${PLAYER}    @{lines}
        ${first}    Last Row Ids
        Run Keyword    ${call}    ${PLAYER}    @{lines}    operation_id=${operation}
        Last Row Ids Should Be    ${first}
        Run Keyword    ${call}    ${PLAYER}    @{others}    operation_id=${operation}    expect=409 operation_conflict
    END

A Body May Say Which Characters It Is Made Of
    [Documentation]    4.4 S: it is JSON all the same.
    ${player}    Create Player
    Add Items    ${player}    2 stone    headers=${{ {"Content-Type": "application/json; charset=utf-8"} }}
    Inventory Should Be    ${player}    2 stone

An Adjustment May Name A Variant Twice
    [Documentation]    4.9 S: it is changed by the sum, which may be nothing.
    ${player}    Create Player Who Owns    1 stone
    # No row can be of nothing, so that who adds lines up first may refuse it.
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +4 stone    -4 stone    expect=200|400
    Inventory Should Be    ${player}    1 stone
    VAR    @{too_much}    -1 stone    +1 wood    -1 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    @{too_much}    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +1 wood    +2 wood    +8 ore    -3 ore
    Final Balances Should Be    3 wood    5 ore
    Inventory Should Be    ${player}    1 stone    3 wood    5 ore

Each Write Says That It Succeeded
    [Documentation]    4.4 S, 4.6 S, 4.7 S, 4.9 S: which rows others than an addition name is hardening (4.6).
    [Template]    Write Should Be Answered In Full
    # call    the least number of rows that its answer names
    Add    1
    Return    0
    Consume    0
    Adjust    0

A Code Is Known In Its Own Letters Only
    [Documentation]    4.1 S: capitals make it an unknown one.
    [Setup]    Give The Test A Player Who Owns    3 stone
    [Template]    Code In Other Letters Should Be Unknown
    # the variant    the part of it
    wooden tools/axe    quality_level
    tools/axe of winter_2025    collection

Items Of Each Class Have Variants, And No Others Than The Catalogue's
    [Documentation]    4.1 S, 4.3 S, 4.4 S, 4.5 S, 4.6 S: the last variant of each class, and codes that there are not.
    [Setup]    Give The Test A Player
    ${variants}    Variants Of Every Kind    100000
    VAR    @{items}    @{{ list({v.split("/")[0].split()[-1]: "1 " + v for v in $variants}.values()) }}
    FOR    ${item}    IN    @{items}
        FOR    ${part}    IN    quality_level    collection
            Add Items    ${PLAYER}    ${item}    but=${{ ["items.0." + $part, '"no_such_code"'] }}    expect=400
            Add Items    ${PLAYER}    ${item}    but=${{ ["items.0." + $part, '"%s 100%"'] }}    expect=400
        END
        Add Items    ${PLAYER}    ${item}
    END
    Inventory Should Be    ${PLAYER}    @{items}
    ${operation}    Reserve    ${PLAYER}    @{items}
    Inventory Should Be    ${PLAYER}    @{items}    section=factory
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    @{items}

A Variant Is One Whether Its Standard Codes Are Named Or Not
    [Documentation]    4.5 S, law 2: two lines of it, one of which names `base`, count as their sum.
    [Setup]    Give The Test A Player Who Owns    10 stone
    [Template]    Variant Named In Two Ways Should Count As One
    # the part that is named
    collection
    quality_level

An Addition Without A Comment Has None Though The One Before Had
    [Documentation]    4.4 S: of the same player, and of another.
    [Setup]    Require Part    database
    ${player}    Create Player
    ${other}    Create Player
    Add Items    ${player}    1 stone    comment=from the first chest
    ${next}    Add Items    ${player}    1 stone
    ${others}    Add Items    ${other}    1 stone
    ${rows}    Rows Of Player    ${player}
    ${more}    Rows Of Player    ${other}
    VAR    ${told}    ${{ {row.operation_id: row.comment for row in $rows + $more} }}
    Should Be True    not $told[$next] and not $told[$others]    Of three additions one has a comment: ${told} (4.4)

What Is New In The Catalogue Is Told At Every Instance
    [Documentation]    Law 6, 4.1 S, 5.3 S: once one has taken it, in a quality level of its own list and in no other.
    [Setup]    Run Keywords    Require Part    database    disposable data    AND    Give The Test A Player
    ${other}    Second Instance
    Read Inventory    ${PLAYER}
    ${item}    Put An Item Into The Catalogue    rusty
    What Is New Should Be Taken By    Add By Id    ${item}    ${NONE}    at=${other}
    # Behind one address there may be several processes, each of which learns for itself.
    Wait Until Keyword Succeeds    3 s    100 ms    Add By Id    ${item}    rusty    at=${other}
    Add By Id    ${item}    stone    at=${other}    expect=400
    ${answer}    Read Inventory    ${PLAYER}
    VAR    ${told}    ${{ [entry["item_id"].lower() for entry in $answer.member("items")] }}
    Should Be Equal    ${told}    ${{ [$item, $item] }}    What another instance has taken is not told (law 6)

A Query In Any Form Is Answered
    [Documentation]    4.1 S, 4.3 S: a read is answered, or refused as bad input.
    [Tags]    odd-form
    [Setup]    Give The Test A Player Who Owns    3 stone
    [Template]    Query Should Be Answered
    # the query    the answer
    ${EMPTY}    200
    section=main    200
    section=m%61in    200
    section=nowhere    400
    section=constructor    400
    section=__proto__    400
    _=1&section=main    200|400
    _=1&section=nowhere    400
    section    200|400
    section=    200|400
    section=main&section=main    200|400
    section=main&other    200|400
    section=main&    200|400
    &section=main    200|400
    section=main=main    200|400
    =    200|400
    section[]=main    200|400
    section[x]=nowhere    200|400
    section%5B%5D=main    200|400
    section=%    200|400
    section=%FF    200|400
    section=%00    200|400
    section=main;other    200|400
    %73ection=main    200|400

Each Part Of A Variant Counts In Each Section
    [Documentation]    4.3 S, 4.4 S, 4.9 S: also where only one of them is named.
    [Template]    Variants Should Be Kept Apart
    # call    section
    Add    main
    Add    factory
    Add    trade
    Adjust    main
    Adjust    factory
    Adjust    trade

A Call In One Section Leaves The Others As They Are
    [Documentation]    4.3 S, 4.4 S, 4.5 S, 4.6 S, 4.7 S, 4.9 S, law 3. Before: 20 in main, 30 in factory, 40 in trade.
    [Template]    Sections Should Be
    # what is done    where    main    factory    trade
    Add    main    23    30    40
    Add    factory    20    33    40
    Add    trade    20    30    43
    Reserve    main    17    33    40
    Return    main    20    30    40
    Consume    main    17    30    40
    Adjust    main    17    30    40
    Adjust    factory    20    27    40
    Adjust    trade    20    30    37

Sections Of Before Today Are Kept Apart Too
    [Documentation]    4.5 S, 4.9 S, 5.1 S, law 1. Before, as history: 20 in main, 30 in factory, 40 in trade.
    [Tags]    long
    [Setup]    Require Part    database    disposable data
    [Template]    Sections Of A Player With History Should Be
    # what is done    where    main    factory    trade
    Add    factory    20    33    40
    Add    trade    20    30    43
    Reserve    main    17    33    40
    Return    main    20    30    40
    Consume    main    17    30    40
    Adjust    main    17    30    40
    Adjust    factory    20    27    40
    Adjust    trade    20    30    37

What Another Section Has Does Not Cover What Is Missing
    [Documentation]    4.5 S, 4.9 S, law 2: no balance goes below zero in any section. Before: 5 there, 50 elsewhere.
    [Template]    Another Section Should Not Cover What Is Missing
    # what is done    where
    Reserve    main
    Adjust    main
    Adjust    factory
    Adjust    trade

A Quantity Beyond 32 Bits Is Told And Found Short Like Any Other
    [Documentation]    4.3 S, 4.5 S, 4.9 S, section 5: of today beside a day that is cached; and when it is not enough.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    2 days ago: 1 stone
    Repeat Keyword    2 times    Inventory Should Be    ${player}    1 stone
    Add Items    ${player}    5000000000 stone
    Repeat Keyword    2 times    Inventory Should Be    ${player}    5000000001 stone
    Reserve    ${player}    5000000002 stone    expect=400 insufficient_items
    IF    $ADMINISTRATOR
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    -5000000002 stone    expect=400 insufficient_items
    END
    Inventory Should Be    ${player}    5000000001 stone

No Sum Of Lines Is Too Large To Be Judged
    [Documentation]    4.1 S: bad input is a 4xx, never a 5xx. The lines of one variant come to more than 2^63.
    [Setup]    Give The Test A Player Who Owns    7 stone
    VAR    @{lines}    @{{ [f"{2**53 - 1} stone"] * 1100 }}
    Reserve    ${PLAYER}    @{lines}    expect=4xx
    Add Items    ${PLAYER}    @{lines}    expect=200|4xx
    ${answer}    Last Answer
    VAR    ${stones}    ${{ 7 + 1100 * (2**53 - 1) if $answer.status == 200 else 7 }}
    Inventory Should Be    ${PLAYER}    ${stones} stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{{ ["-" + line for line in $lines * 2] }}    expect=4xx
    Inventory Should Be    ${PLAYER}    ${stones} stone

Many Lines In One Adjustment All Count
    [Documentation]    4.9 S, law 4: up and down.
    [Setup]    Give The Test A Player
    VAR    @{lines}    @{{ ["2 stone"] * 149 + ["2 wood"] }}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{lines}
    Inventory Should Be    ${PLAYER}    298 stone    2 wood
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{{ ["-1 stone"] * 149 + ["-1 wood"] }}
    Inventory Should Be    ${PLAYER}    149 stone    1 wood

More Than A Hundred Variants All Count
    [Documentation]    4.3 S, 4.5 S, 4.7 S, 5.1 S: of before today, all read, many reserved in one call, and consumed.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    ${variants}    Variants Of Every Kind    1100
    VAR    @{all}    @{{ ["2 " + variant for variant in $variants] }}
    VAR    @{half}    @{{ ["1 " + variant for variant in $variants[:110]] }}
    Add Items To The Ledger    ${PLAYER}    @{all}    days_ago=2
    ${answer}    Read Inventory    ${PLAYER}
    Items Should Be    ${answer}    items    @{all}
    Item Words Should Be Right    ${answer}    items
    ${operation}    Reserve    ${PLAYER}    @{half}
    Inventory Should Be    ${PLAYER}    @{half}    section=factory
    Consume Reserve    ${PLAYER}    ${operation}

The Last Of Many Lines Is Checked As Well As The First
    [Documentation]    4.5 S, 4.9 S, law 4: one line too many, wherever it stands, and nothing is written.
    [Template]    Lines Should Be Refused As A Whole
    # the lines, of a player with 200 stone and 1 wood
    2 wood    1 stone
    1 stone    2 wood
    1 stone    1 wood    1 wood
    @{{ ["1 stone"] * 120 + ["2 wood"] }}
    @{{ ["1 stone"] * 100 + ["101 stone"] }}

Each Operation Type Is Kept As It Was Named
    [Documentation]    4.4 S.
    [Setup]    Require Part    database
    [Template]    Operation Type Should Be Kept
    # operation type
    chest_reward
    craft_result
    trade_sale
    trade_purchase
    system_reward
    system_penalty
    daily_quest_reward
    trade_listing
    trade_delisting

The Calls Of One Player Do Not Change Another's Items
    [Documentation]    4.3 S, 4.4 S, 4.5 S, 4.6 S, 4.7 S, 4.9 S.
    ${player}    Create Player Who Owns    20 stone
    ${other}    Create Player Who Owns    30 stone
    ${held}    Reserve    ${other}    5 stone
    Do    Consume    ${player}    stone
    Do    Return    ${player}    stone
    Do    Adjust    ${player}    stone
    Inventory Should Be    ${player}    14 stone
    Inventory Should Be    ${other}    25 stone
    Inventory Should Be    ${other}    5 stone    section=factory
    Reservation Should Be    ${other}    ${held}    active    5 stone


*** Keywords ***
Variant Named In Two Ways Should Count As One
    [Documentation]    Fails unless 6 and 6 of 10 stones are too many, and 6 and 4 are not.
    [Arguments]    ${part}
    VAR    @{named}    items.1.${part}    "base"
    Reserve    ${PLAYER}    6 stone    6 stone    but=${named}    expect=400 insufficient_items
    ${operation}    Reserve    ${PLAYER}    6 stone    4 stone    but=${named}
    Inventory Should Be    ${PLAYER}
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    10 stone

Variants Should Be Kept Apart
    [Documentation]    Fails unless each variant of one item is what a call that names them all has made of it.
    [Arguments]    ${call}    ${section}
    ${player}    Create Player
    VAR    @{all}    2 tools/axe    3 metal tools/axe    4 tools/axe of summer_2025    5 metal tools/axe of summer_2025
    IF    $call == "Add"
        Add Items    ${player}    @{all}    section=${section}
    ELSE
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    @{all}    section=${section}
        Final Balances Should Be    @{all}
    END
    Inventory Should Be    ${player}    @{all}    section=${section}

Write Should Be Answered In Full
    [Documentation]    Fails unless the answer to a write has `success` and the ids of so many rows.
    [Arguments]    ${what}    ${least}
    ${player}    Create Player Who Owns    5 stone
    Do    ${what}    ${player}    stone
    ${answer}    Last Answer
    Answer Should Have    ${answer}    success true    operation_ids.* uuid
    Should Be True    len($answer.body["operation_ids"]) >= ${least}    The answer names no row (4.4)
