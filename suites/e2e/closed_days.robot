*** Settings ***
Documentation    What a player gets and does once a day is closed, or long after (contract 5.1, 4.12, laws 1 to 3).

Resource         ../../resources/concurrency.resource
Resource         ../../resources/variants.resource

Suite Setup      Run Keywords    Require Part    database    disposable data
...                  AND    Stay Clear Of Midnight
...                  AND    Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
What Is New Today Stands Beside What Was Closed
    [Documentation]    4.3 S, 4.5 S, 4.6 S, 4.9 S, law 1, law 6: a variant that the section never had is told and spent.
    [Template]    New Variant Should Count In
    # section
    main
    factory
    trade

A Player Who Was Away For Days Finds What There Was
    [Documentation]    5.1 S, law 1: nothing was done since the last snapshot; the first call closes yesterday.
    [Template]    Idle Days Should Be Closed By
    # the first call
    Read
    Reserve
    Adjust

Idle Days Of Many Variants Are Closed
    [Documentation]    5.1 S, law 1: of several of one item each has its row, with and without an earlier one.
    [Template]    Idle Days Of Many Variants Should Be Closed In
    # section
    main
    factory
    trade

The Standard Variant Is Never Named
    [Documentation]    4.3 S: nor by reads of what was there before today, the first one and those that may be cached.
    [Template]    Standard Variant Should Never Be Named In
    # section
    main
    factory
    trade

What Is Beyond A Floating-Point Number Is Not Overdrawn By One
    [Documentation]    Law 2, 4.5 S, 4.8 S: two lines of one variant, and all of them but one are there.
    ${player}    Create Player
    Require Balances Beyond A Floating-Point Number    ${player}
    VAR    @{both}    9007199254740991 stone    2 stone
    ${operation}    Reserve    ${player}    @{both}
    Reservation Should Hold In All    ${operation}    9007199254740993
    Return Reserve    ${player}    ${operation}
    Reserve    ${player}    1 stone
    Reserve    ${player}    @{both}    expect=400 insufficient_items
    Inventory Should Be    ${player}    9007199254740992 stone

What Is Beyond A Floating-Point Number Is Told By Each Answer
    [Documentation]    4.5 S, 4.9 S: the final balance of an adjustment, and what a reservation lacks.
    [Setup]    Run Keywords    Need One Administrator    AND    Give The Test A Player
    Require Balances Beyond A Floating-Point Number    ${PLAYER}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +2 stone
    Final Balances Should Be    9007199254740995 stone
    Reserve    ${PLAYER}    9007199254740991 stone    9 stone    expect=400 insufficient_items
    Available Should Be Told As    9007199254740995
    Inventory Should Be    ${PLAYER}    9007199254740995 stone

A Closed Day Beyond What A Floating-Point Number Holds Is Told Exactly
    [Documentation]    Law 1, 5.3 S: by the read that closes it and by those after it.
    ${other}    Create Player
    Require Balances Beyond A Floating-Point Number    ${other}
    ${player}    Create Player With History    3 days ago: 9007199254740991 stone    2 days ago: 2 stone
    Inventory Should Be    ${player}    9007199254740993 stone
    Inventory Should Be    ${player}    9007199254740993 stone
    Reserve    ${player}    1 stone
    Inventory Should Be    ${player}    9007199254740992 stone

A Balance Is The Sum Of Rows Of Every Type
    [Documentation]    Law 1, 4.3 S, 4.4 S: of today alone, and beside a closed day.
    ${new}    Create Player
    ${old}    Create Player With History    3 days ago: 1 stone
    Inventory Should Be    ${old}    1 stone
    FOR    ${n}    ${type}    IN ENUMERATE    chest_reward    craft_result    trade_sale    trade_purchase
    ...    system_reward    system_penalty    daily_quest_reward    trade_listing    trade_delisting
        Add Items    ${new}    2 stone    operation_type=${type}
        Inventory Should Be    ${new}    ${{ 2 * $n + 2 }} stone
        Add Items    ${old}    2 stone    operation_type=${type}
        Inventory Should Be    ${old}    ${{ 2 * $n + 3 }} stone
    END

The End Of A Reservation Closes The Day For All That The Factory Has
    [Documentation]    5.1 S, law 1: exactly one row a variant, also of what does not end, whose last snapshot is older.
    [Template]    Whole Factory Should Be Closed By
    # the end
    Return Reserve
    Consume Reserve

A First Write Of Many Lines Closes The Day For Each
    [Documentation]    4.5 S, 4.9 S, 5.1 S, law 1: lines named twice, of other last snapshots than their neighbours, new
    ...    today, or closed already.
    [Template]    Lines Of Several Pasts Should Be Taken By
    # the write    what is reserved before, alone
    Reserve    (nothing)
    Reserve    1 ore
    Adjust    (nothing)
    Adjust    1 ore

A First Write Of Many Lines Is Refused When One Is Too Much
    [Documentation]    4.5 S, 4.9 S, law 2, law 4: its lines of one variant are too much together; nothing is written.
    [Template]    Lines Of Several Pasts Should Be Refused By
    # the write
    Reserve
    Adjust

A Reservation Of Before Today Ends Whole
    [Documentation]    4.6 S, 4.7 S, 5.1 S, law 3: several lines, by the first call of a day.
    [Template]    Lines Of A Reservation Should Be Ended By
    # the end    left in main of stone, metal tools/axe and tools/axe
    Return Reserve    20    20    20
    Consume Reserve    13    17    16

Nobody Dates Rows But The Service
    [Documentation]    4.1 S, law 1, law 6: unknown members of a body are ignored, also where yesterday is closed.
    ${player}    Create Player With History    4 days ago: 10 stone
    Inventory Should Be    ${player}    10 stone
    FOR    ${member}    IN    created_at    id    items.0.created_at
        Add With A Member    ${player}    ${member}    "2020-01-01T00:00:00Z"
    END
    Inventory Should Be    ${player}    19 stone

A Reservation That Ended Days Ago Is Told As Ended
    [Documentation]    4.8 S: and one that did not as active.
    ${player}    Create Player With History    9 days ago: 20 stone
    ${active}    Write A Reservation    ${player}    5 stone    days_ago=4
    ${ended}    Write Rows Of A Reservation    ${player}    5 stone    days_ago=4    returned=2
    Reservation Should Be    ${player}    ${active}    active    5 stone
    Reservation Should Be    ${player}    ${ended}    returned    5 stone

A Reservation That Ended Days Ago Does Not End Again
    [Documentation]    4.12 S, law 3: while another of the same items is active.
    [Template]    Reservation Of Old Should Not End Again By
    # the end
    Return Reserve
    Consume Reserve


*** Keywords ***
Available Should Be Told As
    [Documentation]    Fails unless each entry of what is missing tells what there is; of two lines the second may be
    ...    told what the first leaves.
    [Arguments]    ${quantity}
    ${answer}    Last Answer
    VAR    ${told}    ${{ [entry["available"] for entry in $answer.member("missing_items")] }}
    Should Be True    ${told} and all(one in (${quantity}, ${quantity} - 9007199254740991) for one in ${told})
    ...    ${quantity} are available, and ${told} are told (4.5)

Standard Variant Should Never Be Named In
    [Documentation]    Fails when one of three reads names the standard collection or quality level (4.3).
    [Arguments]    ${section}
    ${player}    Create Player
    # All standard variants, and some others: one that is known by its own list of codes is one, too.
    ${variants}    Variants Of Every Kind    60
    Write History    ${player}    @{{ [f"3 days ago: 2 {one}" for one in $variants] }}    section=${section}
    FOR    ${_}    IN RANGE    3
        ${answer}    Read Inventory    ${player}    ${section}
        Standard Variant Should Not Be Named    ${answer}    items
        Item Words Should Be Right    ${answer}    items
    END

New Variant Should Count In
    [Documentation]    Fails unless what a section got today beside a closed day is told, and can be taken (4.3, law 1).
    [Arguments]    ${section}
    ${player}    Create Player
    Write History    ${player}    3 days ago: 10 stone    section=${section}
    Inventory Should Be    ${player}    10 stone    section=${section}
    IF    $section == "factory"
        Add Items    ${player}    5 ore
        ${operation}    Reserve    ${player}    5 ore
    ELSE
        Add Items    ${player}    5 ore    section=${section}
    END
    Inventory Should Be    ${player}    10 stone    5 ore    section=${section}
    IF    $section == "factory"
        Return Reserve    ${player}    ${operation}
    ELSE IF    $section == "main"
        Reserve    ${player}    5 ore
    ELSE
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    -5 ore    section=trade
    END
    Inventory Should Be    ${player}    10 stone    section=${section}

Idle Days Should Be Closed By
    [Documentation]    Fails unless a call that comes days after the last snapshot finds it, and closes yesterday (5.1).
    [Arguments]    ${what}
    ${player}    Create Player
    Write History    ${player}    9 days ago: 20 stone
    Write A Snapshot    ${player}    5 days ago: 20 stone
    IF    $what == "Reserve"
        Reserve    ${player}    20 stone
    ELSE IF    $what == "Adjust"
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    -20 stone
    END
    VAR    @{left}    @{{ ["20 stone"] if $what == "Read" else [] }}
    Inventory Should Be    ${player}    @{left}
    Snapshots Should Be    ${player}    5 days ago: 20 stone    yesterday: 20 stone

Idle Days Of Many Variants Should Be Closed In
    [Documentation]    Fails unless a read closes yesterday for each variant; some have an earlier snapshot (5.1).
    [Arguments]    ${section}
    ${player}    Create Player
    VAR    @{kin}    tools/axe    metal tools/axe    wooden tools/axe    tools/axe of summer_2025
    ...    metal tools/axe of summer_2025    tools/axe of winter_2025    metal tools/axe of winter_2025    stone
    VAR    @{had}    @{{ [f"{n + 2} {one}" for n, one in enumerate($kin)] }}
    Write History    ${player}    @{{ ["9 days ago: " + one for one in $had] }}    section=${section}
    VAR    @{closed}    @{{ $had[::3] }}
    FOR    ${one}    IN    @{closed}
        Write A Snapshot    ${player}    5 days ago: ${one}    section=${section}
    END
    Read Inventory    ${player}    ${section}
    Snapshots Should Be    ${player}    @{{ ["5 days ago: " + one for one in $closed] }}
    ...    @{{ ["yesterday: " + one for one in $had] }}    section=${section}

Reservation Of Old Should Not End Again By
    [Documentation]    Fails unless a reservation that was returned two days ago ends no more, and another still does
    ...    (4.12, law 3).
    [Arguments]    ${end}
    ${player}    Create Player
    Write History    ${player}    9 days ago: 20 stone
    ${ended}    Write Rows Of A Reservation    ${player}    5 stone    days_ago=4    returned=2
    ${active}    Write A Reservation    ${player}    5 stone    days_ago=4
    Run Keyword    ${end}    ${player}    ${ended}    expect=200|4xx
    Inventory Should Be    ${player}    15 stone
    Inventory Should Be    ${player}    5 stone    section=factory
    Return Reserve    ${player}    ${active}
    Inventory Should Be    ${player}    20 stone
    # For the laws, rows of a call that was refused would be its own.
    Forget Player    ${player}

Whole Factory Should Be Closed By
    [Documentation]    Fails unless the end of a reservation, as the first call of a day, closes it for all that the
    ...    factory has (5.1).
    [Arguments]    ${end}
    ${player}    Create Player With History    20 days ago: 20 stone
    Write History    ${player}    9 days ago: 9 stone    9 days ago: 7 wood    section=factory
    Write A Snapshot    ${player}    5 days ago: 9 stone    section=factory
    Write A Snapshot    ${player}    5 days ago: 7 wood    section=factory
    ${operation}    Write A Reservation    ${player}    4 stone    days_ago=3
    Run Keyword    ${end}    ${player}    ${operation}
    Inventory Should Be    ${player}    9 stone    7 wood    section=factory
    Snapshots Should Be    ${player}    5 days ago: 9 stone    5 days ago: 7 wood    yesterday: 13 stone
    ...    yesterday: 7 wood    section=factory

Create Player With Several Pasts
    [Documentation]    Return a player with 17 stone, 16 wood and 20 ore of before today, whose snapshots are of several
    ...    days or missing, and 5 diamond of today (5.1).
    ${player}    Create Player With History    9 days ago: 20 stone    9 days ago: 20 wood    4 days ago: 20 ore
    Write A Snapshot    ${player}    6 days ago: 20 stone
    Write History    ${player}    5 days ago: -3 stone    5 days ago: -4 wood
    Write A Snapshot    ${player}    3 days ago: 20 ore
    Add Items    ${player}    5 diamond
    RETURN    ${player}

Take By
    [Documentation]    Reserve these, or take them away by an adjustment (4.5, 4.9).
    [Arguments]    ${what}    ${player}    @{lines}    &{how}
    IF    $what == "Reserve"
        Reserve    ${player}    @{lines}    &{how}
    ELSE
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    @{{ ["-" + line for line in $lines] }}    &{how}
    END

Lines Of Several Pasts Should Be Taken By
    [Documentation]    Fails unless one call takes what it names, and each variant's yesterday is what it was (5.1).
    [Arguments]    ${what}    ${before}
    ${player}    Create Player With Several Pasts
    IF    $before != "(nothing)"    Reserve    ${player}    ${before}
    Take By    ${what}    ${player}    2 stone    3 wood    1 ore    4 stone    5 diamond    1 wood
    IF    $what == "Adjust"
        Final Balances Should Be    11 stone    12 wood    ${{ 19 if $before == "(nothing)" else 18 }} ore    0 diamond
    END
    Yesterday Of Several Pasts Should Be Right    ${player}
    ...    11 stone    12 wood    ${{ 19 if $before == "(nothing)" else 18 }} ore

Lines Of Several Pasts Should Be Refused By
    [Documentation]    Fails unless a call of whose lines one variant's make 17, where 16 are, is refused (law 2).
    [Arguments]    ${what}
    ${player}    Create Player With Several Pasts
    Take By
    ...    ${what}
    ...    ${player}
    ...    2 stone
    ...    8 wood
    ...    1 ore
    ...    5 diamond
    ...    9 wood
    ...    expect=400 insufficient_items
    Yesterday Of Several Pasts Should Be Right    ${player}    17 stone    16 wood    20 ore    5 diamond
    ${other}    Create Player With Several Pasts
    Take By    ${what}    ${other}    2 stone    8 wood    1 ore    5 diamond    8 wood
    Yesterday Of Several Pasts Should Be Right    ${other}    15 stone    19 ore

Yesterday Of Several Pasts Should Be Right
    [Documentation]    Fails unless the player owns this, and main has the snapshots that it has to have (5.1).
    [Arguments]    ${player}    @{owned}
    Inventory Should Be    ${player}    @{owned}
    Snapshots Should Be    ${player}    6 days ago: 20 stone    3 days ago: 20 ore    yesterday: 17 stone
    ...    yesterday: 16 wood    yesterday: 20 ore

Lines Of A Reservation Should Be Ended By
    [Documentation]    Fails unless the end of a reservation of several lines, as the first call of a day, leaves this
    ...    in main (law 3).
    [Arguments]    ${end}    ${stone}    ${metal}    ${standard}
    VAR    @{all}    20 stone    20 metal tools/axe    20 tools/axe
    ${player}    Create Player With History    @{{ ["9 days ago: " + one for one in $all] }}
    @{stones}    Lines As They Are Reserved    2 stone    5 stone
    ${operation}    Write A Reservation    ${player}    ${stones}[0]    3 metal tools/axe    4 tools/axe
    ...    @{stones}[1:]    days_ago=2
    Run Keyword    ${end}    ${player}    ${operation}
    Inventory Should Be    ${player}    ${stone} stone    ${metal} metal tools/axe    ${standard} tools/axe
    Inventory Should Be    ${player}    section=factory
    Snapshots Should Be    ${player}    yesterday: 13 stone    yesterday: 17 metal tools/axe
    ...    yesterday: 16 tools/axe

Lines As They Are Reserved
    [Documentation]    These two lines, or their sum of 7 stone where the target adds up lines of a variant before it
    ...    writes them, which no rule forbids: it need know no reservation of two rows (4.5).
    [Arguments]    @{lines}
    ${player}    Create Player Who Owns    7 stone
    Reserve    ${player}    @{lines}
    ${rows}    Rows Of Player    ${player}
    VAR    ${put}    ${{ [row for row in $rows if row.section == "factory"] }}
    RETURN    ${{ ["7 stone"] if len($put) == 1 else $lines }}
