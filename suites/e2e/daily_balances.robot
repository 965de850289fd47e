*** Settings ***
Documentation    One snapshot for yesterday, made when it is first asked for (contract 5.1 and 5.2; law 1; seed 7.2).

Resource         ../../resources/concurrency.resource
Resource         ../../resources/variants.resource

Suite Setup      Run Keywords    Require Part    database    disposable data
...                  AND    Stay Clear Of Midnight
...                  AND    Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
The First Read After Several Days Makes One Snapshot, For Yesterday
    [Documentation]    5.1 S: none for days between or for today. Seed 7.2 TestDailyBalanceCreation.
    GROUP    A history of several days without any snapshot
        ${player}    Create Player With History
        ...    6 days ago: 10 stone    4 days ago: -3 stone    2 days ago: 5 stone    yesterday: -2 stone
        Snapshots Should Be    ${player}
    END
    GROUP    The first read closes yesterday
        Inventory Should Be    ${player}    10 stone
        Snapshots Should Be    ${player}    yesterday: 10 stone
    END
    GROUP    Later reads are quick and make nothing new
        Inventory Should Be    ${player}    10 stone
        Reads Should Stay Within Budget    ${player}
        Snapshots Should Be    ${player}    yesterday: 10 stone
    END

Rows Of Today Are Counted But Not Closed
    [Documentation]    5.1 S: today gets no snapshot.
    ${player}    Create Player With History    3 days ago: 10 stone    today: 4 stone
    Inventory Should Be    ${player}    14 stone
    Add Items    ${player}    1 stone
    Inventory Should Be    ${player}    15 stone
    Snapshots Should Be    ${player}    yesterday: 10 stone

A Day Ends At Midnight UTC
    [Documentation]    5.1 S: the last microsecond of yesterday is closed, the first of today is not.
    ${player}    Create Player
    ${midnight}    Midnight
    ${before}    Midnight    -1
    Add Items To The Ledger    ${player}    10 stone    at=${before}
    Add Items To The Ledger    ${player}    7 stone    at=${midnight}
    Inventory Should Be    ${player}    17 stone
    Snapshots Should Be    ${player}    yesterday: 10 stone

An Older Snapshot Is Carried On, Not Counted Twice
    [Documentation]    5.1 S: last snapshot + everything after it up to the end of yesterday.
    ${player}    Create Player With History    9 days ago: 9 stone    5 days ago: -2 stone    3 days ago: 1 stone
    Write A Snapshot    ${player}    8 days ago: 9 stone
    Write A Snapshot    ${player}    5 days ago: 7 stone
    Inventory Should Be    ${player}    8 stone
    Snapshots Should Be    ${player}    8 days ago: 9 stone    5 days ago: 7 stone    yesterday: 8 stone

A Variant That Is Used Up Is Closed Too
    [Documentation]    5.1 S: exactly one row a variant; what comes later is counted from it.
    ${player}    Create Player With History    9 days ago: 3 ore    8 days ago: -3 ore    4 days ago: 5 stone
    Write A Snapshot    ${player}    6 days ago: 0 ore
    Write History    ${player}    3 days ago: -5 stone
    Inventory Should Be    ${player}
    Snapshots Should Be    ${player}    6 days ago: 0 ore    yesterday: 0 ore    yesterday: 0 stone
    Add Items    ${player}    2 stone
    Inventory Should Be    ${player}    2 stone

A New Player Gets No Snapshot
    [Documentation]    5.1 S: a player without history gets none.
    ${player}    Create Player
    Inventory Should Be    ${player}
    Add Items    ${player}    5 stone
    Inventory Should Be    ${player}    5 stone
    Snapshots Should Be    ${player}

Each Section And Variant Is Closed By Itself
    [Documentation]    5.1 S: each has a row of its own, whichever is asked for first.
    ${player}    Create Player With History    2 days ago: 10 stone    2 days ago: 3 metal tools/axe
    Write History    ${player}    2 days ago: 6 wood    section=trade
    Inventory Should Be    ${player}    10 stone    3 metal tools/axe
    Snapshots Should Be    ${player}    yesterday: 10 stone    yesterday: 3 metal tools/axe
    Inventory Should Be    ${player}    6 wood    section=trade
    Snapshots Should Be    ${player}    yesterday: 6 wood    section=trade

Reads At The Same Instant Make One Snapshot
    [Documentation]    5.1 S, law 1: asking at the same time makes no second one.
    [Tags]    concurrency
    ${player}    Create Player With History    5 days ago: 30 stone    2 days ago: -10 stone
    ${reads}    Prepare    24    Read Inventory    ${player}
    ${answers}    Race    ${reads}    table=inventory.daily_balances
    Answers Should Be    ${answers}    200=24
    Requests Should Have Overlapped    ${answers}
    Snapshots Should Be    ${player}    yesterday: 20 stone

A Reservation On The First Call Of The Day Counts The Whole History
    [Documentation]    5.1 S, law 1, law 2: writes work on the same balance as reads, with or without a snapshot.
    ${player}    Create Player With History    8 days ago: 10 stone    3 days ago: -4 stone
    Reserve    ${player}    7 stone    expect=400 insufficient_items
    Last Answer Should Lack    stone required=7 available=6
    ${operation}    Reserve    ${player}    6 stone
    Consume Reserve    ${player}    ${operation}
    Inventory Should Be    ${player}
    Inventory Should Be    ${player}    section=factory

What Was Reserved Yesterday Can Be Ended Today
    [Documentation]    Law 1, law 3, across the end of a day.
    ${player}    Create Player With History    4 days ago: 10 stone
    ${operation}    Write A Reservation    ${player}    4 stone    days_ago=1
    Inventory Should Be    ${player}    4 stone    section=factory
    Return Reserve    ${player}    ${operation}
    Inventory Should Be    ${player}    10 stone
    Inventory Should Be    ${player}    section=factory

The End Of A Reservation Of Before Today Leaves Yesterday As It Was
    [Documentation]    5.1 S, law 1, law 3: in both sections, whoever asks first; today has a reservation too.
    [Template]    End Should Leave Yesterday As It Was
    # the first call of the day    stones in main afterwards
    Return Reserve    17
    Consume Reserve    13

A Write Closes The Day At Midnight UTC Too
    [Documentation]    5.1 S: a row of the last microsecond before midnight is closed, one of midnight is not.
    [Template]    First Call Should Close Yesterday At Midnight
    # the first call of the day
    Reserve
    Return
    Consume
    Adjust

A Write Makes No Snapshot For A Player Without History
    [Documentation]    5.1 S: a player without history gets none, whatever is asked.
    [Template]    New Player Should Get No Snapshot
    # the call
    Add
    Reserve
    Return
    Consume
    Adjust

A Snapshot Is Not Changed By What Comes After It
    [Documentation]    5.1 S: asking again does not change the first, whatever is written meanwhile.
    [Template]    Snapshot Should Stay After
    # the call
    Add
    Reserve
    Return
    Consume
    Adjust

A Snapshot Of Long Ago Is Carried On Over The Days Between
    [Documentation]    5.1 S: days in between are not filled, and everything after the last snapshot counts.
    ${player}    Create Player With History    90 days ago: 10 stone    90 days ago: 4 metal tools/axe
    Write A Snapshot    ${player}    60 days ago: 10 stone
    Write A Snapshot    ${player}    50 days ago: 4 metal tools/axe
    Write History    ${player}    59 days ago: 1 stone    49 days ago: 1 metal tools/axe    yesterday: 1 stone
    Inventory Should Be    ${player}    12 stone    5 metal tools/axe
    Snapshots Should Be    ${player}    60 days ago: 10 stone    50 days ago: 4 metal tools/axe
    ...    yesterday: 12 stone    yesterday: 5 metal tools/axe

A Variant That Nothing Was Done With Since Its Snapshot Is Carried On
    [Documentation]    5.1 S: last snapshot + nothing, beside a kin that moved; whoever asks first.
    [Template]    Snapshots Of Kin Should Be Carried On Apart
    # the first call of the day    the variant    its kin
    Read    tools/axe    metal tools/axe
    Read    metal tools/axe    tools/axe
    Read    stone    wood
    Reserve    tools/axe    metal tools/axe
    Adjust    metal tools/axe    tools/axe

A Collection That Nothing Was Done With Since Its Snapshot Is Carried On
    [Documentation]    5.1 S: last snapshot + nothing, beside a kin that moved.
    [Template]    Snapshots Of Kin Should Be Carried On Apart
    # the first call of the day    the variant    its kin
    Read    tools/axe    tools/axe of summer_2025
    Read    metal tools/axe of summer_2025    metal tools/axe
    Reserve    tools/axe of summer_2025    tools/axe

What Is Too Little Is Too Little However Much There Was Of Its Kin
    [Documentation]    4.5 S, 4.9 S, 5.1 S, law 2: of before today, from a snapshot and the rows after it.
    [Template]    Kin Of Before Today Should Not Cover What Is Missing
    # the variant    its kin
    tools/axe    metal tools/axe
    metal tools/axe    tools/axe
    stone    wood
    wood    stone

What Is Too Little Is Too Little However Much There Was Of Another Collection
    [Documentation]    4.5 S, 4.9 S, 5.1 S, law 2.
    [Template]    Kin Of Before Today Should Not Cover What Is Missing
    # the variant    its kin
    tools/axe    tools/axe of summer_2025
    metal tools/axe of summer_2025    metal tools/axe

What Is Too Little Is Too Little However Much There Was Elsewhere
    [Documentation]    4.5 S, 4.9 S, 5.1 S, law 2: 5 there, 50 in each other section, of before today.
    [Template]    Sections Of Before Today Should Not Cover What Is Missing
    # what is done    where
    Reserve    main
    Adjust    main
    Adjust    factory
    Adjust    trade

Older Snapshots Of Several Sections Are Carried On Each By Itself
    [Documentation]    5.1 S, law 1: of one item, in main, factory and trade; whoever asks first.
    ${player}    Create Player
    FOR    ${section}    ${quantity}    IN    main    10    factory    30    trade    40
        Write History    ${player}    9 days ago: ${quantity} stone    section=${section}
        Write A Snapshot    ${player}    5 days ago: ${quantity} stone    section=${section}
        Write History    ${player}    3 days ago: 5 stone    section=${section}
    END
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone    section=trade
    Reserve    ${player}    1 stone
    Stones Should Be    ${player}    14    36    44
    Snapshots Should Be    ${player}    5 days ago: 30 stone    yesterday: 35 stone    section=factory

A Row Of The First Instant After A Snapshot's Day Counts
    [Documentation]    5.1 S, law 1: everything after the last snapshot, from 00:00:00 on; whoever asks first.
    [Template]    First Instant After A Snapshot Should Count
    # the first call of the day
    Read
    Reserve
    Adjust

What Is Long Ago Counts Like What Was Yesterday
    [Documentation]    5.1 S, law 1: without any snapshot, over a year and just over three months ago.
    ${player}    Create Player With History    400 days ago: 10 stone    95 days ago: 5 stone    89 days ago: 1 stone
    Inventory Should Be    ${player}    16 stone
    ${writing}    Create Player With History    400 days ago: 10 stone    95 days ago: 5 stone    89 days ago: 1 stone
    Reserve    ${writing}    17 stone    expect=400 insufficient_items
    Reserve    ${writing}    16 stone
    Snapshots Should Be    ${writing}    yesterday: 16 stone

A Read Costs No More With A Long History
    [Documentation]    5.2 S: with the snapshot in place; medians of reads in turn, of two players in one run.
    ${long}    Create Player
    Write Many Rows    ${long}    stone    20000    60
    ${short}    Create Player With History    3 days ago: 20000 stone
    Inventory Should Be    ${long}    20000 stone
    Inventory Should Be    ${short}    20000 stone
    Read Should Cost The Same    ${long}    ${short}
    # To read its rows for the laws would take longer than all the rest.
    Forget Player    ${long}

A Read Costs No More For What Was Owned Once
    [Documentation]    5.2 S: of a hundred variants only one is left; medians of reads in turn.
    ${variants}    Variants Of Every Kind    100
    ${rich}    Create Player
    Add Items To The Ledger    ${rich}    @{{ ["1 " + v for v in $variants] }}    days_ago=3
    Add Items To The Ledger    ${rich}    @{{ ["-1 " + v for v in $variants[1:]] }}    days_ago=2
    ${poor}    Create Player With History    3 days ago: 1 ${variants}[0]
    Inventory Should Be    ${rich}    1 ${variants}[0]
    Inventory Should Be    ${poor}    1 ${variants}[0]
    Read Should Cost The Same    ${rich}    ${poor}

A Section Is Closed By The Write That Asks For Its Balance
    [Documentation]    5.1 S: exactly one row a variant, for yesterday, in the section that is asked.
    [Template]    Write Should Close Its Section
    main
    factory
    trade

Writes At The Same Instant Make One Snapshot
    [Documentation]    5.1 S, law 1: the first writes of the day, at once, at all instances.
    [Tags]    concurrency
    ${player}    Create Player With History    5 days ago: 30 stone    2 days ago: -10 stone
    ${reserves}    Prepare    10    Reserve    ${player}    1 stone
    ${adjusts}    Prepare    5    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +1 stone
    ${answers}    Race    ${reserves}    ${adjusts}    table=inventory.daily_balances
    Answers Should Be    ${answers}    200=15
    Snapshots Should Be    ${player}    yesterday: 20 stone
    Inventory Should Be    ${player}    15 stone


*** Keywords ***
First Instant After A Snapshot Should Count
    [Documentation]    Fails unless a call counts the row of midnight after a snapshot, and the one before it once.
    [Arguments]    ${what}
    ${player}    Create Player
    ${before}    Midnight    -1    days_ago=3
    ${first}    Midnight    0    days_ago=3
    Add Items To The Ledger    ${player}    10 stone    at=${before}
    Write A Snapshot    ${player}    4 days ago: 10 stone
    Add Items To The Ledger    ${player}    7 stone    at=${first}
    IF    $what == "Read"
        Inventory Should Be    ${player}    17 stone
    ELSE
        Do    ${what}    ${player}    stone
        Inventory Should Be    ${player}    14 stone
    END
    Snapshots Should Be    ${player}    4 days ago: 10 stone    yesterday: 17 stone

Snapshots Of Kin Should Be Carried On Apart
    [Documentation]    Fails unless each of two variants gets the snapshot of its own past, of which one moved.
    [Arguments]    ${what}    ${variant}    ${kin}
    ${player}    Create Player With History    9 days ago: 6 ${variant}    9 days ago: 8 ${kin}
    Write A Snapshot    ${player}    5 days ago: 6 ${variant}
    Write A Snapshot    ${player}    5 days ago: 8 ${kin}
    Write History    ${player}    3 days ago: -1 ${kin}
    IF    $what != "Read"    Do    ${what}    ${player}    ${variant}
    Inventory Should Be    ${player}    ${{ 6 if $what == "Read" else 3 }} ${variant}    7 ${kin}
    Snapshots Should Be    ${player}    5 days ago: 6 ${variant}    5 days ago: 8 ${kin}
    ...    yesterday: 6 ${variant}    yesterday: 7 ${kin}

Kin Of Before Today Should Not Cover What Is Missing
    [Documentation]    Fails unless 6 are refused and 5 given, where 50 of a kin were there before today.
    [Arguments]    ${variant}    ${kin}
    ${player}    Create Player With History    9 days ago: 9 ${variant}    9 days ago: 50 ${kin}
    Write A Snapshot    ${player}    5 days ago: 9 ${variant}
    Write A Snapshot    ${player}    4 days ago: 50 ${kin}
    Write History    ${player}    3 days ago: -4 ${variant}    2 days ago: 50 ${kin}
    Reserve    ${player}    6 ${variant}    expect=400 insufficient_items
    Last Answer Should Lack    ${variant} required=6 available=5
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -6 ${variant}    expect=400 insufficient_items
    Reserve    ${player}    5 ${variant}
    Inventory Should Be    ${player}    100 ${kin}

Sections Of Before Today Should Not Cover What Is Missing
    [Documentation]    Fails unless 6 stones are refused where there were 5, and 50 in the other sections.
    [Arguments]    ${what}    ${where}
    ${player}    Create Player
    FOR    ${section}    IN    main    factory    trade
        Write History    ${player}    3 days ago: ${{ 5 if $section == $where else 50 }} stone    section=${section}
    END
    Read All Sections    ${player}
    IF    $what == "Reserve"
        Reserve    ${player}    6 stone    expect=400 insufficient_items
    ELSE
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    -6 stone    section=${where}
        ...    expect=400 insufficient_items
    END
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -5 stone    section=${where}

End Should Leave Yesterday As It Was
    [Documentation]    Fails unless ending yesterday's reservation of 4, where today has one of 3, leaves this in main.
    [Arguments]    ${end}    ${left}
    ${player}    Create Player With History    4 days ago: 20 stone
    ${ended}    Write A Reservation    ${player}    4 stone    days_ago=1
    Write A Reservation    ${player}    3 stone
    Run Keyword    ${end}    ${player}    ${ended}
    Inventory Should Be    ${player}    ${left} stone
    Inventory Should Be    ${player}    3 stone    section=factory
    Snapshots Should Be    ${player}    yesterday: 16 stone
    Snapshots Should Be    ${player}    yesterday: 4 stone    section=factory

Read Should Cost The Same
    [Documentation]    Fails when a read of the first player takes over three times one of the second, at the median.
    [Arguments]    ${one}    ${other}
    ${these}    Prepare    15    Read Inventory    ${one}    section=main
    ${those}    Prepare    15    Read Inventory    ${other}    section=main
    ${ratio}    Ratio Of Medians    ${these}    ${those}
    Should Be True    ${ratio} < 3    A read costs ${ratio} times as much (5.2)

First Call Should Close Yesterday At Midnight
    [Documentation]    Fails unless a call makes a snapshot of 10 stones, and counts 7 more of today.
    [Arguments]    ${what}
    ${player}    Create Player
    ${before}    Midnight    -1
    ${midnight}    Midnight
    Add Items To The Ledger    ${player}    10 stone    at=${before}
    Add Items To The Ledger    ${player}    7 stone    at=${midnight}
    Do    ${what}    ${player}    stone
    Snapshots Should Be    ${player}    yesterday: 10 stone
    VAR    &{left}    Reserve=14    Return=17    Consume=14    Adjust=14
    Inventory Should Be    ${player}    ${left}[${what}] stone
    Snapshots Should Be    ${player}    yesterday: 10 stone

New Player Should Get No Snapshot
    [Documentation]    Fails when a call makes a snapshot for a player whose items are all of today.
    [Arguments]    ${what}
    ${player}    Create Player Who Owns    20 stone
    Do    ${what}    ${player}    stone
    Read Inventory    ${player}    factory
    FOR    ${section}    IN    main    factory    trade
        Snapshots Should Be    ${player}    section=${section}
    END

Snapshot Should Stay After
    [Documentation]    Fails when a call, or a read after it, changes yesterday's snapshot or makes another.
    [Arguments]    ${what}
    ${player}    Create Player With History    3 days ago: 20 stone
    Inventory Should Be    ${player}    20 stone
    Snapshots Should Be    ${player}    yesterday: 20 stone
    ${before}    Snapshots Of Player    ${player}    main
    Do    ${what}    ${player}    stone
    Read Inventory    ${player}
    Do    ${what}    ${player}    stone
    ${after}    Snapshots Of Player    ${player}    main
    Should Be Equal    ${after}    ${before}    A snapshot was changed, or made again (5.1)

Write Should Close Its Section
    [Documentation]    Fails unless an adjustment in a section makes a snapshot there, of what that section had.
    [Arguments]    ${where}
    ${player}    Create Player
    Write History    ${player}    4 days ago: 20 stone    section=${where}
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +5 stone    section=${where}
    Snapshots Should Be    ${player}    yesterday: 20 stone    section=${where}
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -25 stone    section=${where}
    Inventory Should Be    ${player}    section=${where}
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone    section=${where}    expect=400 insufficient_items
