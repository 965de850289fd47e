*** Settings ***
Documentation    One snapshot for yesterday, made when it is first asked for (contract 5.1 and 5.2; law 1;
...              seed 7.2).

Resource         ../../resources/concurrency.resource
Resource         ../../resources/administration.resource

Suite Setup      Run Keywords    Require Part    database    disposable data
...                  AND    Stay Clear Of Midnight
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
    ${player}    Create Player With History    9 days ago: 10 stone
    Write A Snapshot    ${player}    5 days ago: 10 stone
    Write History    ${player}    3 days ago: 2 stone
    Inventory Should Be    ${player}    12 stone
    Snapshots Should Be    ${player}    5 days ago: 10 stone    yesterday: 12 stone

A New Player Gets No Snapshot
    [Documentation]    5.1 S: a player without history gets none.
    ${player}    Create Player
    Inventory Should Be    ${player}
    Add Items    ${player}    5 stone
    Inventory Should Be    ${player}    5 stone
    Snapshots Should Be    ${player}

Each Section And Variant Is Closed By Itself
    [Documentation]    5.1 S: reading one section makes no snapshot in another.
    ${player}    Create Player With History    2 days ago: 10 stone    2 days ago: 3 metal tools/axe
    Write History    ${player}    2 days ago: 6 wood    section=trade
    Inventory Should Be    ${player}    10 stone    3 metal tools/axe
    Snapshots Should Be    ${player}    yesterday: 10 stone    yesterday: 3 metal tools/axe
    Snapshots Should Be    ${player}    section=trade
    Inventory Should Be    ${player}    6 wood    section=trade
    Snapshots Should Be    ${player}    yesterday: 6 wood    section=trade

Reads At The Same Instant Make One Snapshot
    [Documentation]    5.1 S, law 1: asking at the same time makes no second one.
    [Tags]    concurrency
    ${player}    Create Player With History    5 days ago: 30 stone    2 days ago: -10 stone
    ${reads}    Prepare    24    Read Inventory    ${player}
    ${answers}    Send Together    ${reads}
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

A Long History Does Not Make Reads Slow
    [Documentation]    5.2 S: with the snapshot in place the cost does not grow with the length of the history.
    [Tags]    slow
    ${player}    Create Player
    Write Many Rows    ${player}    stone    3000    days=30
    Inventory Should Be    ${player}    3000 stone
    Reads Should Stay Within Budget    ${player}
    Snapshots Should Be    ${player}    yesterday: 3000 stone
