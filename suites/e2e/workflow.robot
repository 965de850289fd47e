*** Settings ***
Documentation    What happens to a player's items between getting and using them (contract, section 4; laws 1 to 6;
...              seed, section 7.2).

Resource         ../../resources/inventory.resource
Resource         ../../resources/ledger.resource

Test Setup       Give The Test A Player
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
Items Can Be Added, Reserved, Returned And Consumed
    [Documentation]    Section 4, and seed 7.2 TestFullInventoryWorkflow.
    GROUP    A player gets items and sees them at once
        Add Items    ${PLAYER}    10 stone    2 wooden tools/axe of winter_2025
        Inventory Should Be    ${PLAYER}    10 stone    2 wooden tools/axe of winter_2025
    END
    GROUP    What is reserved moves to the factory, and comes back when it is returned
        ${first}    Reserve    ${PLAYER}    4 stone    1 wooden tools/axe of winter_2025
        Inventory Should Be    ${PLAYER}    4 stone    1 wooden tools/axe of winter_2025    section=factory
        Return Reserve    ${PLAYER}    ${first}
    END
    GROUP    What is consumed is gone for good
        ${second}    Reserve    ${PLAYER}    3 stone
        Consume Reserve    ${PLAYER}    ${second}
        Inventory Should Be    ${PLAYER}    7 stone    2 wooden tools/axe of winter_2025
        Inventory Should Be    ${PLAYER}    section=factory
    END

A Reservation Of More Than There Is Is Refused And Changes Nothing
    [Documentation]    Section 4: insufficient_items, missing_items; law 4. Seed 7.2 TestInsufficientBalanceScenario.
    Add Items    ${PLAYER}    10 stone    1 wood
    Reserve    ${PLAYER}    12 stone    1 wood    expect=400 insufficient_items
    Missing Items Should Be    stone required=12 available=10
    Reserve    ${PLAYER}    1 ore    expect=400 insufficient_items
    Missing Items Should Be    ore required=1 available=0
    Inventory Should Be    ${PLAYER}    10 stone    1 wood
    Inventory Should Be    ${PLAYER}    section=factory

The Same Variant Named Twice In A Reservation Counts As Its Sum
    [Documentation]    Section 4: reserve.
    Add Items    ${PLAYER}    10 stone
    Reserve    ${PLAYER}    6 stone    5 stone    expect=400 insufficient_items
    Missing Items Should Be    stone required=11 available=10
    ${operation}    Reserve    ${PLAYER}    6 stone    4 stone
    Inventory Should Be    ${PLAYER}    10 stone    section=factory
    Reservation Should Be    ${PLAYER}    ${operation}    active    10 stone

Variants Of One Item Are Counted Apart
    [Documentation]    Section 4: item; quality and collection make a variant.
    Add Items    ${PLAYER}    1 tools/axe    2 metal tools/axe    3 metal tools/axe of summer_2025
    Inventory Should Be    ${PLAYER}    1 tools/axe    2 metal tools/axe    3 metal tools/axe of summer_2025
    Reserve    ${PLAYER}    3 metal tools/axe    expect=400 insufficient_items
    Missing Items Should Be    metal tools/axe required=3 available=2

Sections Are Kept Apart And Main Is The Default
    [Documentation]    Section 4: GET /inventory; reservations take from main alone.
    Add Items    ${PLAYER}    5 stone    section=trade
    Inventory Should Be    ${PLAYER}    5 stone    section=trade
    Read Inventory    ${PLAYER}
    Inventory Should Be    ${PLAYER}
    Reserve    ${PLAYER}    1 stone    expect=400 insufficient_items

Each Call Writes Exactly Its Rows
    [Documentation]    Section 4: one row an item added, two reserved or returned, one consumed; law 3.
    ${added}    Add Items    ${PLAYER}    9 stone    comment=from the first chest
    ${returned}    Reserve    ${PLAYER}    4 stone
    Return Reserve    ${PLAYER}    ${returned}
    ${consumed}    Reserve    ${PLAYER}    5 stone
    Consume Reserve    ${PLAYER}    ${consumed}
    Operation Should Have Rows    ${PLAYER}    ${added}    chest_reward    9 stone in main
    Operation Should Have Rows    ${PLAYER}    ${returned}    factory_reservation
    ...    -4 stone in main    4 stone in factory
    Operation Should Have Rows    ${PLAYER}    ${returned}    factory_return    4 stone in main    -4 stone in factory
    Operation Should Have Rows    ${PLAYER}    ${consumed}    factory_consumption    -5 stone in factory
    Ledger Should Have Rows    ${PLAYER}    8

A Reservation Tells Its Status Through Its Life
    [Documentation]    Section 4: GET /inventory/reservation/{operation_id}.
    Add Items    ${PLAYER}    9 stone
    ${returned}    Reserve    ${PLAYER}    2 stone
    Reservation Should Be    ${PLAYER}    ${returned}    active    2 stone
    Return Reserve    ${PLAYER}    ${returned}
    Reservation Should Be    ${PLAYER}    ${returned}    returned    2 stone
    ${consumed}    Reserve    ${PLAYER}    3 stone
    Consume Reserve    ${PLAYER}    ${consumed}
    Reservation Should Be    ${PLAYER}    ${consumed}    consumed    3 stone

What Was Never Reserved Cannot Be Asked For, Returned Or Consumed
    [Documentation]    Section 4: 404; another player's reservation and an addition are no reservation of this player.
    ${other}    Create Player Who Owns    5 stone
    ${others}    Reserve    ${other}    1 stone
    ${added}    Add Items    ${PLAYER}    5 stone
    ${unknown}    New Operation Id
    Reservation Should Not Exist    ${unknown}
    Reservation Should Not Exist    ${added}
    Return Reserve    ${PLAYER}    ${unknown}    expect=404 operation_not_found
    Consume Reserve    ${PLAYER}    ${others}    expect=404 operation_not_found
    Return Reserve    ${PLAYER}    ${others}    expect=404 operation_not_found
    Reservation Should Be    ${other}    ${others}    active    1 stone

A Reservation Ends Once
    [Documentation]    Section 4: 409 reservation_not_active, nothing written; law 3.
    [Tags]    hardening
    Add Items    ${PLAYER}    9 stone
    ${returned}    Reserve    ${PLAYER}    2 stone
    Return Reserve    ${PLAYER}    ${returned}
    Return Reserve    ${PLAYER}    ${returned}    expect=409 reservation_not_active
    Consume Reserve    ${PLAYER}    ${returned}    expect=409 reservation_not_active
    ${consumed}    Reserve    ${PLAYER}    3 stone
    Consume Reserve    ${PLAYER}    ${consumed}
    Consume Reserve    ${PLAYER}    ${consumed}    expect=409 reservation_not_active
    Return Reserve    ${PLAYER}    ${consumed}    expect=409 reservation_not_active
    Inventory Should Be    ${PLAYER}    6 stone

The Same Operation Again Is Answered As Before And Writes Nothing
    [Documentation]    Section 4: repeats.
    [Tags]    hardening
    ${added}    Add Items    ${PLAYER}    9 stone    1 wood
    ${first}    Last Row Ids
    Add Items    ${PLAYER}    9 stone    1 wood    operation_id=${added}
    Last Row Ids Should Be    ${first}
    ${reserved}    Reserve    ${PLAYER}    9 stone
    ${first}    Last Row Ids
    Reserve    ${PLAYER}    9 stone    operation_id=${reserved}
    Last Row Ids Should Be    ${first}
    Inventory Should Be    ${PLAYER}    1 wood

The Same Operation Id With Other Content Is A Conflict
    [Documentation]    Section 4: 409 operation_conflict; another player, another amount, another item, another call.
    [Tags]    hardening
    ${other}    Create Player Who Owns    5 stone
    ${added}    Add Items    ${PLAYER}    9 stone
    Add Items    ${PLAYER}    9 wood    operation_id=${added}    expect=409 operation_conflict
    Add Items    ${PLAYER}    9 stone    section=trade    operation_id=${added}    expect=409 operation_conflict
    Add Items    ${other}    9 stone    operation_id=${added}    expect=409 operation_conflict
    ${reserved}    Reserve    ${PLAYER}    2 stone
    Reserve    ${PLAYER}    3 stone    operation_id=${reserved}    expect=409 operation_conflict
    Reserve    ${other}    2 stone    operation_id=${reserved}    expect=409 operation_conflict
    Inventory Should Be    ${PLAYER}    7 stone
    Inventory Should Be    ${other}    5 stone

The Largest Quantity Is Kept Exactly
    [Documentation]    Section 4: quantity up to 2^53-1; sums beyond it are no reason to fail or to lose count.
    Add Items    ${PLAYER}    9007199254740991 stone
    Inventory Should Be    ${PLAYER}    9007199254740991 stone
    ${operation}    Reserve    ${PLAYER}    9007199254740990 stone
    Inventory Should Be    ${PLAYER}    1 stone
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    9007199254740991 stone

The Catalogue Has What The Contract Names
    [Documentation]    Section 5: classifiers.
    [Setup]    Require Part    database
    [Template]    Catalogue Should Have Codes
    # classifier    codes
    inventory_section    main    factory    trade
    item_class    resources    reagents    boosters    blueprints    tools    keys    currencies
    quality_level    base    wooden    stone    metal    diamond    small    medium    large
    collection    base    winter_2025    spring_2025    summer_2025    autumn_2025
    operation_type    chest_reward    craft_result    trade_sale    trade_purchase    admin_adjustment    system_reward
    ...    system_penalty    daily_quest_reward    factory_reservation    factory_return    factory_consumption
    ...    trade_listing    trade_delisting
    resource_type    stone    wood    ore    diamond
    reagent_type    abrasive    disc    inductor    paste
    booster_type    repair_tool    speed_processing    speed_crafting
    tool_type    shovel    sickle    axe    pickaxe
    key_type    key    blueprint_key
    currency_type    diamonds
