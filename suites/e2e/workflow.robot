*** Settings ***
Documentation    What services do with a player's items, and what the player sees of it (contract, section 4; laws 1 to
...              6; seed 7.2).

Resource         ../../resources/administration.resource
Resource         ../../resources/concurrency.resource

Test Setup       Give The Test A Player
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
Items Can Be Added, Reserved, Returned And Consumed
    [Documentation]    4.3 S, 4.4 S, 4.5 S, 4.6 S, 4.7 S, law 6. Seed 7.2 TestFullInventoryWorkflow.
    GROUP    A player gets items and sees them at once
        Add Items    ${PLAYER}    10 stone    2 wooden tools/axe
        Inventory Should Be    ${PLAYER}    10 stone    2 wooden tools/axe
    END
    GROUP    What is reserved moves to the factory, and comes back when it is returned
        ${first}    Reserve    ${PLAYER}    4 stone    1 wooden tools/axe
        Inventory Should Be    ${PLAYER}    4 stone    1 wooden tools/axe    section=factory
        Return Reserve    ${PLAYER}    ${first}
    END
    GROUP    What is consumed is gone for good
        ${second}    Reserve    ${PLAYER}    3 stone
        Consume Reserve    ${PLAYER}    ${second}
        Inventory Should Be    ${PLAYER}    7 stone    2 wooden tools/axe
        Inventory Should Be    ${PLAYER}    section=factory
    END

A Reservation Of More Than There Is Is Refused And Changes Nothing
    [Documentation]    4.5 S, law 4. Seed 7.2 TestInsufficientBalanceScenario.
    Add Items    ${PLAYER}    10 stone    1 wood
    Reserve    ${PLAYER}    12 stone    1 wood    expect=400 insufficient_items
    Last Answer Should Lack    stone required=12 available=10
    Reserve    ${PLAYER}    1 ore    expect=400 insufficient_items
    Last Answer Should Lack    ore required=1 available=0
    Inventory Should Be    ${PLAYER}    10 stone    1 wood
    Inventory Should Be    ${PLAYER}    section=factory

The Same Variant Named Twice In A Reservation Counts As Its Sum
    [Documentation]    4.5 S, 4.8 S.
    Add Items    ${PLAYER}    10 stone    1 wood
    FOR    ${between}    IN    ${{ [] }}    ${{ ["1 wood"] }}
        Reserve    ${PLAYER}    6 stone    @{between}    5 stone    expect=400 insufficient_items
        One More Should Be Wanted Of    11
        ${operation}    Reserve    ${PLAYER}    6 stone    @{between}    4 stone
        Inventory Should Be    ${PLAYER}    10 stone    @{between}    section=factory
        Reservation Should Hold In All    ${operation}    ${{ 10 + len($between) }}
        Return Reserve    ${PLAYER}    ${operation}
    END

A Refusal Has One Entry For Each Variant That Is Short
    [Documentation]    4.5 H.
    [Tags]    hardening
    Add Items    ${PLAYER}    10 stone    1 wood
    Reserve    ${PLAYER}    6 stone    2 wood    5 stone    1 ore    expect=400 insufficient_items
    Last Answer Should Lack    stone required=11 available=10    wood required=2 available=1
    ...    ore required=1 available=0

Variants Of One Item Are Counted Apart
    [Documentation]    4.3 S, 4.5 S: the quality makes a variant; `variants_and_sections.robot` has all the parts.
    Add Items    ${PLAYER}    1 tools/axe    2 metal tools/axe
    Inventory Should Be    ${PLAYER}    1 tools/axe    2 metal tools/axe
    Reserve    ${PLAYER}    3 metal tools/axe    expect=400 insufficient_items
    Last Answer Should Lack    metal tools/axe required=3 available=2

Sections Are Kept Apart And Main Is The Default
    [Documentation]    4.3 S, 4.5 S: reservations take from main alone.
    Add Items    ${PLAYER}    5 stone    section=trade
    Inventory Should Be    ${PLAYER}    5 stone    section=trade
    ${answer}    Read Inventory    ${PLAYER}
    Items Should Be    ${answer}    items
    Reserve    ${PLAYER}    1 stone    expect=400 insufficient_items

An Inventory Tells Each Item's Class And Type, And No Name Of The Standard Variant
    [Documentation]    4.3 S.
    Add Items    ${PLAYER}    1 stone    2 metal tools/axe    1 tools/axe of summer_2025
    ${answer}    Read Inventory    ${PLAYER}
    Answer Should Have    ${answer}    items.*.item_id uuid    items.*.item_class text    items.*.item_type text
    ...    items.*.collection? text    items.*.quality_level? text    items.*.quantity count
    Item Words Should Be Right    ${answer}    items
    Standard Variant Should Not Be Named    ${answer}    items

An Inventory Is In The Same Order Each Time
    [Documentation]    4.3 H.
    [Tags]    hardening
    Add Items    ${PLAYER}    3 stone    2 wood    1 ore    1 keys/key    2 metal tools/axe    1 tools/axe
    ${first}    Read Inventory    ${PLAYER}
    Add Items    ${PLAYER}    1 wood
    Reserve    ${PLAYER}    1 wood
    ${second}    Read Inventory    ${PLAYER}
    Order Should Be Equal    ${second}    ${first}    The order of the items changed after a write (4.3)
    ${other}    Another Instance Or The Same
    ${third}    Read Inventory    ${PLAYER}    at=${other}
    Order Should Be Equal    ${third}    ${first}    The order of the items is another at the other instance (4.3)

An Inventory Is In The Same Order Whether It Is Cached Or Not
    [Documentation]    4.3 H, 5.3 S: of before today and of today, from the cache and without it.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    redis    database    disposable data
    ...    AND    Give The Test A Player
    Write History    ${PLAYER}    3 days ago: 3 stone    3 days ago: 2 wood    2 days ago: 1 metal tools/axe
    ${first}    Read Inventory    ${PLAYER}
    ${cached}    Read Inventory    ${PLAYER}
    Order Should Be Equal    ${cached}    ${first}    The order of the items is another from the cache (4.3)
    Add Items    ${PLAYER}    1 ore    1 tools/axe    1 tools/pickaxe    1 metal tools/pickaxe
    ${cached}    Read Inventory    ${PLAYER}
    Drop Cached Balances    ${PLAYER}
    ${anew}    Read Inventory    ${PLAYER}
    Order Should Be Equal    ${anew}    ${cached}    The order of the items is another without the cache (4.3)

Each Call Writes Exactly Its Rows
    [Documentation]    4.4 S, 4.5 S, 4.6 S, 4.7 S, law 3: one row an item added, two reserved or returned, one consumed.
    [Setup]    Give The Test Operations Of Each Kind
    Operation Should Have Rows    ${PLAYER}    ${ADDED}    chest_reward    9 stone in main    9 metal tools/axe in main
    Operation Should Have Rows    ${PLAYER}    ${RETURNED}    factory_reservation    -4 stone in main
    ...    4 stone in factory    -1 metal tools/axe in main    1 metal tools/axe in factory
    Operation Should Have Rows    ${PLAYER}    ${RETURNED}    factory_return    4 stone in main    -4 stone in factory
    ...    1 metal tools/axe in main    -1 metal tools/axe in factory
    Operation Should Have Rows    ${PLAYER}    ${CONSUMED}    factory_consumption    -5 stone in factory
    ...    -2 metal tools/axe in factory
    Ledger Should Have Rows    ${PLAYER}    16

The End Of A Reservation Names The Rows That It Wrote
    [Documentation]    4.6 H, 4.7 H: and no others.
    [Tags]    hardening
    [Setup]    Give The Test A Player
    [Template]    Rows Of An End Should Be Named
    # the end    operation type
    Return Reserve    factory_return
    Consume Reserve    factory_consumption

Each Row Is Dated When It Is Written
    [Documentation]    5.1 S: in UTC, whatever the call; within five minutes, for clocks that differ.
    [Setup]    Give The Test Operations Of Each Kind
    ${rows}    Rows Of Player    ${PLAYER}
    FOR    ${row}    IN    @{rows}
        VAR    ${age}    ${{ (datetime.datetime.now(datetime.UTC) - $row.created_at).total_seconds() }}
        Should Be True    -300 < ${age} < 300    A row of ${row.operation_type} was written ${age} s ago (5.1)
    END

A Reservation Tells Its Status Through Its Life
    [Documentation]    4.8 S.
    Add Items    ${PLAYER}    9 stone
    ${returned}    Reserve    ${PLAYER}    2 stone
    Reservation Should Be    ${PLAYER}    ${returned}    active    2 stone
    Return Reserve    ${PLAYER}    ${returned}
    Reservation Should Be    ${PLAYER}    ${returned}    returned    2 stone
    ${consumed}    Reserve    ${PLAYER}    3 stone
    Consume Reserve    ${PLAYER}    ${consumed}
    Reservation Should Be    ${PLAYER}    ${consumed}    consumed    3 stone

What Was Never Reserved Cannot Be Asked For, Returned Or Consumed
    [Documentation]    4.6 S, 4.7 S, 4.8 S: another player's reservation and an addition are none of this player's.
    ${other}    Create Player Who Owns    5 stone
    ${others}    Reserve    ${other}    1 stone
    ${added}    Add Items    ${PLAYER}    5 stone
    ${unknown}    New Id
    Reservation Should Not Exist    ${unknown}
    Reservation Should Not Exist    ${added}
    Return Reserve    ${PLAYER}    ${unknown}    expect=404
    Consume Reserve    ${PLAYER}    ${others}    expect=404
    Return Reserve    ${PLAYER}    ${others}    expect=404
    Reservation Should Be    ${other}    ${others}    active    1 stone

A Reservation That Does Not Exist Is Refused By Its Code
    [Documentation]    4.6 H, 4.7 H.
    [Tags]    hardening
    ${unknown}    New Id
    Return Reserve    ${PLAYER}    ${unknown}    expect=404 operation_not_found
    Consume Reserve    ${PLAYER}    ${unknown}    expect=404 operation_not_found

A Reservation Ends Once
    [Documentation]    4.12 H: 409 reservation_not_active, nothing written.
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
    [Documentation]    4.11 H.
    [Tags]    hardening
    ${added}    Add Items    ${PLAYER}    7 stone    1 wood    2 stone
    ${first}    Last Row Ids
    ${second}    Another Instance Or The Same
    Add Items    ${PLAYER}    7 stone    1 wood    2 stone    operation_id=${added}    at=${second}
    Last Row Ids Should Be    ${first}
    ${reserved}    Reserve    ${PLAYER}    9 stone
    ${first}    Last Row Ids
    Reserve    ${PLAYER}    9 stone    operation_id=${reserved}    at=${second}
    Last Row Ids Should Be    ${first}
    Inventory Should Be    ${PLAYER}    1 wood

A Repeat Is Known However Old The Operation Is
    [Documentation]    4.11 H: an addition of years ago, and a reservation that has ended since.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    ${old}    Add Items To The Ledger    ${PLAYER}    9 stone    days_ago=800
    Add Items    ${PLAYER}    9 stone    operation_id=${old}    operation_type=system_reward
    Inventory Should Be    ${PLAYER}    9 stone
    ${ended}    Reserve    ${PLAYER}    4 stone
    ${first}    Last Row Ids
    Return Reserve    ${PLAYER}    ${ended}
    Reserve    ${PLAYER}    4 stone    operation_id=${ended}
    Last Row Ids Should Be    ${first}
    Inventory Should Be    ${PLAYER}    9 stone

The Same Operation Id With Other Content Is A Conflict
    [Documentation]    4.11 H: another player, another amount, another call.
    [Tags]    hardening
    ${other}    Create Player Who Owns    5 stone
    ${added}    Add Items    ${PLAYER}    9 stone
    Add Items    ${other}    9 stone    operation_id=${added}    expect=409 operation_conflict
    Reserve    ${PLAYER}    9 stone    operation_id=${added}    expect=409 operation_conflict
    ${reserved}    Reserve    ${PLAYER}    2 stone
    Reserve    ${PLAYER}    3 stone    operation_id=${reserved}    expect=409 operation_conflict
    Reserve    ${other}    2 stone    operation_id=${reserved}    expect=409 operation_conflict
    Add Items    ${PLAYER}    2 stone    operation_id=${reserved}    expect=409 operation_conflict
    Inventory Should Be    ${PLAYER}    7 stone
    Inventory Should Be    ${other}    5 stone

Whatever Is Another Content Is A Conflict
    [Documentation]    4.11 H: an addition of 9 metal axes, and what differs from it in one point.
    [Tags]    hardening
    [Setup]    Give The Test An Addition
    [Template]    Addition Should Be A Conflict
    # the items    whatever else
    9 tools/axe
    9 metal tools/axe of summer_2025
    9 metal tools/pickaxe
    8 metal tools/axe
    9 metal tools/axe    1 stone
    9 metal tools/axe    9 metal tools/axe
    9 metal tools/axe    operation_type=craft_result
    9 metal tools/axe    section=trade
    9 metal tools/axe    comment=for another reason

A Quantity Beyond 32 Bits Is Counted Like Any Other
    [Documentation]    4.3 S, 4.4 S, 4.5 S, 4.6 S, 4.7 S, section 5: a bigint; of before today, of today, and in all.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    Add Items To The Ledger    ${PLAYER}    5000000001 stone    days_ago=2
    Inventory Should Be    ${PLAYER}    5000000001 stone
    Add Items    ${PLAYER}    9000000000 stone
    ${returned}    Reserve    ${PLAYER}    6000000001 stone
    Inventory Should Be    ${PLAYER}    6000000001 stone    section=factory
    Return Reserve    ${PLAYER}    ${returned}
    ${consumed}    Reserve    ${PLAYER}    4294967297 stone
    Reservation Should Be    ${PLAYER}    ${consumed}    active    4294967297 stone
    Consume Reserve    ${PLAYER}    ${consumed}
    Inventory Should Be    ${PLAYER}    9705032704 stone

No Call Makes A Balance That Cannot Be Counted
    [Documentation]    4.1 H: up to 2^62; what would pass it is refused, and nothing is written.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Need One Administrator
    [Template]    Balance Should Stop At The Limit
    # the call    the section that would have too much    what each of two calls puts there
    FOR    ${amount}    IN    ${{ 2**53 - 1 }}    ${1}
        Add    trade    ${amount}
        Reserve    factory    ${amount}
        Return    main    ${amount}
        Adjust    factory    ${amount}
    END

A Balance Beyond The Limit Can Still Be Spent
    [Documentation]    4.1 H, 4.5 S: what takes away passes no limit.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Need One Administrator    AND    Give The Test A Player
    Add Items To The Ledger    ${PLAYER}    ${{ 2**62 + 10 }} stone
    Reserve    ${PLAYER}    4 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone
    Inventory Should Be    ${PLAYER}    ${{ 2**62 + 5 }} stone

The Database Itself Refuses What No Ledger Has
    [Documentation]    5.1 S, law 2: what section 5 says of the tables, so that no bug and no hand can write it.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player With A Snapshot
    [Template]    Row Should Be Refused
    # table    what makes a copy another row    what is wrong with the copy
    inventory.operations    id=(new)    quantity_change=0
    inventory.daily_balances    user_id=(new)    quantity=-1
    inventory.daily_balances    user_id=(new)    user_id=same
    inventory.classifiers    id=(new) code=new_one    code=same
    inventory.classifier_items    id=(new) code=new_one    code=same
    auth.users    id=(new) telegram_id=987654321987654    telegram_id=same
    auth.users    id=(new) telegram_id=987654321987654    telegram_id=0
    auth.users    id=(new) telegram_id=987654321987654    id=same

The Catalogue Has What The Contract Names
    [Documentation]    5 S: what calls and rows name; a target's own items, with their types, are its own.
    [Setup]    Require Part    database
    [Template]    Classifier Should Have Codes
    # classifier    codes
    inventory_section    main    factory    trade
    quality_level    base
    collection    base
    operation_type    chest_reward    craft_result    trade_sale    trade_purchase    admin_adjustment    system_reward
    ...    system_penalty    daily_quest_reward    factory_reservation    factory_return    factory_consumption
    ...    trade_listing    trade_delisting


*** Keywords ***
One More Should Be Wanted Of
    [Documentation]    Fails unless the last answer says that of so many that were required, on one line or several, one
    ...    is missing.
    [Arguments]    ${all}
    ${answer}    Last Answer
    Answer Should Have    ${answer}    missing_items.*.required count    missing_items.*.available any
    VAR    ${lines}    ${{ [(one["required"], one["available"]) for one in $answer.member("missing_items")] }}
    VAR    ${required}    ${{ [required for required, _ in $lines] }}
    VAR    ${missing}    ${{ sum(required - available for required, available in $lines) }}
    Should Be True    sum($required) == ${all} or {*$required} == {${all}} or $missing == 1
    ...    Of ${all} that are required one is missing (4.5); found ${lines}, each required and available

Rows Of An End Should Be Named
    [Documentation]    Fails unless the answer to an end of a reservation has the ids of its rows in the ledger.
    [Arguments]    ${end}    ${type}
    Add Items    ${PLAYER}    5 stone    5 wood
    ${operation}    Reserve    ${PLAYER}    2 stone    1 wood
    Run Keyword    ${end}    ${PLAYER}    ${operation}
    ${told}    Last Row Ids
    ${rows}    Rows Of Player    ${PLAYER}
    VAR    ${written}    ${{ {row.row_id for row in $rows if row.operation_type == "${type}"} }}
    Should Be Equal    ${{ set($told or []) }}    ${written}    The end of a reservation names other rows (4.6, 4.7)

Give The Test A Player With A Snapshot
    [Documentation]    For setups: ${PLAYER} has a snapshot and a row, of whom the tables can be asked.
    ${player}    Create Player With History    3 days ago: 5 stone
    Read Inventory    ${player}
    VAR    ${PLAYER}    ${player}    scope=TEST

Balance Should Stop At The Limit
    [Documentation]    Fails unless of two calls that each put so many stones into a section only the first succeeds.
    [Arguments]    ${what}    ${where}    ${amount}
    ${player}    Create Player
    Add Items To The Ledger    ${player}    ${{ 2**62 - $amount }} stone    section=${where}
    IF    $what == "Reserve"
        Add Items To The Ledger    ${player}    ${{ 2 * $amount }} stone
    END
    FOR    ${expect}    IN    200    400 validation_failed
        IF    $what == "Add"
            Add Items    ${player}    1 wood    ${amount} stone    section=${where}    expect=${expect}
        ELSE IF    $what == "Reserve"
            Reserve    ${player}    ${amount} stone    expect=${expect}
        ELSE IF    $what == "Return"
            ${operation}    Write A Reservation    ${player}    ${amount} stone
            Add Items To The Ledger    ${player}    ${amount} stone
            Return Reserve    ${player}    ${operation}    expect=${expect}
        ELSE
            Adjust Inventory    ${ADMINISTRATOR}    ${player}    +1 wood    +${amount} stone    section=${where}
            ...    expect=${expect}
        END
    END
    VAR    @{beside}    @{{ ["1 wood"] if $what in ("Add", "Adjust") else [] }}
    Inventory Should Be    ${player}    ${{ 2**62 }} stone    @{beside}    section=${where}

Give The Test Operations Of Each Kind
    [Documentation]    For setups: ${ADDED}, ${RETURNED} and ${CONSUMED}, each of two items, all by ${PLAYER}.
    Require Part    database
    Give The Test A Player
    ${added}    Add Items    ${PLAYER}    9 stone    9 metal tools/axe    comment=from the first chest
    ${returned}    Reserve    ${PLAYER}    4 stone    1 metal tools/axe
    Return Reserve    ${PLAYER}    ${returned}
    ${consumed}    Reserve    ${PLAYER}    5 stone    2 metal tools/axe
    Consume Reserve    ${PLAYER}    ${consumed}
    VAR    ${ADDED}    ${added}    scope=TEST
    VAR    ${RETURNED}    ${returned}    scope=TEST
    VAR    ${CONSUMED}    ${consumed}    scope=TEST

Give The Test An Addition
    [Documentation]    For setups: ${ADDED} is an addition of 9 metal axes.
    Give The Test A Player
    ${added}    Add Items    ${PLAYER}    9 metal tools/axe
    VAR    ${ADDED}    ${added}    scope=TEST

Addition Should Be A Conflict
    [Documentation]    Fails unless an addition of this under the same operation id is refused.
    [Arguments]    @{items}    &{how}
    Add Items    ${PLAYER}    @{items}    operation_id=${ADDED}    expect=409 operation_conflict    &{how}

Classifier Should Have Codes
    [Documentation]    Fails unless a classifier has all these codes.
    [Arguments]    ${classifier}    @{codes}
    ${found}    Codes Of    ${classifier}
    VAR    ${missing}    ${{ set($codes) - set($found) }}
    Should Be Empty    ${missing}    Classifier ${classifier} lacks ${missing} (section 5)
