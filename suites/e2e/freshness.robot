*** Settings ***
Documentation    After a 200 the next read shows it, whoever wrote, wherever it is read, and whatever is cached (law 6;
...              contract 5.3).

Resource         ../../resources/variants.resource
Resource         ../../resources/operations.resource
Resource         ../../resources/histories.resource

Suite Setup      Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
Each Write Is In The Next Read
    [Documentation]    Law 6: of a player whose balances were just read, and may be cached, in every section.
    [Tags]    long
    [Template]    Write Should Show In The Next Read
    # what is done    where
    Add    main
    Add    factory
    Add    trade
    Reserve    main
    Return    main
    Consume    main
    Adjust    main
    Adjust    factory
    Adjust    trade

Each Write Is In The Next Read Of A Player With History
    [Documentation]    Law 6, 5.1 S: of a player whose closed days were just read, and may be cached.
    [Tags]    long
    [Setup]    Require Part    database    disposable data
    [Template]    Write Should Show In The Next Read Of A Player With History
    # what is done    where
    Add    main
    Add    factory
    Add    trade
    Reserve    main
    Return    main
    Consume    main
    Adjust    main
    Adjust    factory
    Adjust    trade

An Exchange Is In The Next Read
    [Documentation]    Law 6, 4.9 S: as many variants and as many items as at the last read, of others.
    [Template]    Exchange Should Show In The Next Read
    # what there was    what is done    what there is
    5 stone    -5 stone    +5 wood    5 wood
    3 stone    -1 stone    +1 wood    2 stone    1 wood
    3 stone    -3 stone    +3 tools/axe    3 tools/axe
    2 tools/axe    -2 tools/axe    +2 metal tools/axe    2 metal tools/axe

What Was Reserved Before Is In The Next Read When It Ends
    [Documentation]    Law 6: of both sections that a return changes, and of the one that a consumption changes.
    ${player}    Create Player Who Owns    20 stone
    ${returned}    Reserve    ${player}    3 stone
    ${consumed}    Reserve    ${player}    4 stone
    Stones Should Be In Main And Factory    ${player}    13    7
    Return Reserve    ${player}    ${returned}
    Stones Should Be In Main And Factory    ${player}    16    4
    Consume Reserve    ${player}    ${consumed}
    Inventory Should Be    ${player}    16 stone
    Inventory Should Be    ${player}    section=factory

Nobody On The Way Is Told To Keep An Inventory
    [Documentation]    Law 6: no cache serves an older balance, a caller's or a proxy's neither.
    [Setup]    Give The Test A Player Who Owns    5 stone
    ${answer}    Read Inventory    ${PLAYER}
    ${again}    Read Inventory    ${PLAYER}    trade
    FOR    ${control}    IN    ${answer.headers.get("cache-control", "")}    ${again.headers.get("cache-control", "")}
        VAR    ${kept}    ${{ re.search("(max-age|s-maxage|immutable)(?!=0)", $control.lower()) }}
        Should Be True    not $kept or "no-store" in $control or "no-cache" in $control
        ...    Cache-Control: ${control} lets others keep an inventory (law 6)
    END

What One Instance Wrote The Other Shows At Once
    [Documentation]    Law 6, 4.8 S, across instances: of a player whose balances both have just read, and reservations.
    ${instances}    Target Setting    instances
    ${second}    Second Instance
    ${player}    Create Player Who Owns    20 stone
    FOR    ${writer}    ${reader}    IN    ${instances}[0]    ${second}    ${second}    ${instances}[0]
        Inventory Should Be    ${player}    20 stone    at=${reader}
        ${operation}    Reserve    ${player}    5 stone    at=${writer}
        Inventory Should Be    ${player}    15 stone    at=${reader}
        Reservation Should Be    ${player}    ${operation}    active    5 stone    at=${reader}
        Return Reserve    ${player}    ${operation}    at=${writer}
        Inventory Should Be    ${player}    20 stone    at=${reader}
        Reservation Should Be    ${player}    ${operation}    returned    5 stone    at=${reader}
    END

What One Instance Put Up For Trade The Other Shows At Once
    [Documentation]    Law 6, across instances: additions and adjustments, of a section that both have just read.
    ${instances}    Target Setting    instances
    ${second}    Second Instance
    ${player}    Create Player
    Add Items    ${player}    5 stone    section=trade
    Inventory Should Be    ${player}    5 stone    section=trade    at=${second}
    Inventory Should Be    ${player}    5 stone    section=trade    at=${instances}[0]
    Add Items    ${player}    3 stone    section=trade    at=${second}
    Inventory Should Be    ${player}    8 stone    section=trade    at=${instances}[0]
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -2 stone    section=trade    at=${instances}[0]
    Inventory Should Be    ${player}    6 stone    section=trade    at=${second}

A Read That Overlaps A Write Leaves No Older Balance Behind
    [Documentation]    Law 6, law 7: twenty times four reads beside three additions; the next read shows every addition.
    [Tags]    concurrency    long
    ${player}    Create Player Who Owns    1 stone
    Reads Beside Writes Should Leave No Older Balance    ${player}    20

A Read That Overlaps A Write Leaves No Older Balance Behind For A Player With History
    [Documentation]    Law 6, law 7, 5.1 S: twenty times four reads beside three additions.
    [Tags]    concurrency    long
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    3 days ago: 1 stone
    Reads Beside Writes Should Leave No Older Balance    ${player}    20

What Is Used Up Before The Day's First Read Is Counted On Afterwards
    [Documentation]    Law 1, law 6, 5.1 S: what is cached then is of before today.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    3 days ago: 5 stone    2 days ago: 1 wood
    Reserve    ${player}    5 stone
    Repeat Keyword    2 times    Inventory Should Be    ${player}    1 wood
    Add Items    ${player}    3 stone
    Repeat Keyword    2 times    Inventory Should Be    ${player}    3 stone    1 wood

What Is Used Up Before The Day's First Read Is Counted On Afterwards At Each Instance
    [Documentation]    Law 1, law 6, 5.1 S: what is cached then is of before today.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    3 days ago: 5 stone    2 days ago: 1 wood
    ${second}    Second Instance
    Reserve    ${player}    5 stone
    Inventory Should Be    ${player}    1 wood
    Inventory Should Be    ${player}    1 wood    at=${second}
    Add Items    ${player}    3 stone
    Inventory Should Be    ${player}    3 stone    1 wood
    Inventory Should Be    ${player}    3 stone    1 wood    at=${second}

Whoever Reads After An Answer Sees What Was Acknowledged
    [Documentation]    Law 6, law 7: eight callers add and read at all instances; no read is older than an
    ...    addition that was answered before it began.
    [Tags]    concurrency
    ${player}    Create Player Who Owns    1 stone
    ${additions}    Prepare    60    Add Items    ${player}    1 stone
    ${reads}    Prepare    60    Read Inventory    ${player}
    ${seed}    Seed Of This Test
    Send A Mix    ${seed}    8    ${additions}    ${reads}
    History Should Be Serial    ${player}
    Inventory Should Be    ${player}    61 stone

Whoever Reads After An Answer Sees What Was Acknowledged Of A Player With History
    [Documentation]    Law 6, law 7, 5.1 S: eight callers add and read, from the first call of the day on.
    [Tags]    concurrency
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    3 days ago: 5 stone
    ${additions}    Prepare    60    Add Items    ${player}    1 stone
    ${reads}    Prepare    60    Read Inventory    ${player}
    ${seed}    Seed Of This Test
    Send A Mix    ${seed}    8    ${reads}    ${additions}
    History Should Be Serial    ${player}
    Snapshots Should Be    ${player}    yesterday: 5 stone

A Caller Who Names What They Have Is Told Of An Exchange
    [Documentation]    Law 6, 4.3 S: as many items as before, and others.
    ${player}    Create Player Who Owns    10 stone    3 wood
    ${read}    Read Inventory    ${player}
    VAR    &{tagged}    If-None-Match=${{ $read.headers.get("etag", '"x"') }}
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone    +1 wood
    ${answer}    Read Inventory    ${player}    headers=${tagged}
    Items Should Be    ${answer}    items    9 stone    4 wood

A Read That Finds Nothing Cached Costs No More With A Long History
    [Documentation]    5.2 S, 5.3 S: with the snapshot in place; medians of reads in turn, of two players in one run.
    [Tags]    long
    [Setup]    Require Part    redis    database    disposable data
    ${long}    Create Player
    Write Many Rows    ${long}    stone    40000    60
    ${short}    Create Player With History    3 days ago: 40000 stone
    Inventory Should Be    ${long}    40000 stone
    Inventory Should Be    ${short}    40000 stone
    # The database may only now have looked at what there is.
    Wait Until Keyword Succeeds    3x    1 s    Uncached Read Should Cost The Same    ${long}    ${short}
    # To read its rows for the laws would take longer than all the rest.
    Forget Player    ${long}

A Read Beside The Day's First One Leaves No Older Balance Behind
    [Documentation]    Law 6, 5.1 S: additions while several reads close the day, which wait for one another; in each
    ...    section, at each instance.
    [Tags]    concurrency
    [Setup]    Require Part    database    disposable data
    [Template]    Additions Beside The First Reads Should Show
    # section
    main
    factory
    trade

What Was Asked For Too Early Is Known Once It Is There
    [Documentation]    4.8 S, 4.6 S, law 6: at an instance that has said that there is no such reservation.
    ${second}    Another Instance Or The Same
    ${instances}    Target Setting    instances
    ${player}    Create Player Who Owns    9 stone
    ${operation}    New Id
    Read Reservation    ${operation}    at=${second}    expect=404
    Return Reserve    ${player}    ${operation}    at=${second}    expect=404
    Reserve    ${player}    4 stone    operation_id=${operation}    at=${instances}[0]
    Reservation Should Be    ${player}    ${operation}    active    4 stone    at=${second}
    Return Reserve    ${player}    ${operation}    at=${second}
    Inventory Should Be    ${player}    9 stone

However A Read Is Spelled It Shows The Last Write
    [Documentation]    Law 6, 4.3 S: no answer is kept under the words of its question.
    [Tags]    odd-form
    [Template]    Spelled Read Should Show The Last Write
    # the query
    section=main
    section=m%61in
    _=1&section=main
    section=main&_=1
    section=main&section=main
    ${EMPTY}

A Read That Finds Nothing Cached Costs No More With Many Closed Days
    [Documentation]    5.2 S: each day of ten years has its snapshots; medians of reads in turn, of two players.
    [Tags]    long
    [Setup]    Require Part    redis    database    disposable data
    ${long}    Create Player
    ${variants}    Variants Of Every Kind    20
    VAR    @{owned}    @{{ [f"{number} {one}" for number, one in enumerate($variants, 3)] }}
    Write A Snapshot Of Each Day    ${long}    3600    @{owned}
    ${short}    Create Player With History    @{{ [f"3 days ago: {one}" for one in $owned] }}
    Inventory Should Be    ${short}    @{owned}
    Inventory Should Be    ${long}    @{owned}
    Wait Until Keyword Succeeds    3x    1 s    Uncached Read Should Cost The Same    ${long}    ${short}
    Forget Player    ${long}


*** Keywords ***
Additions Beside The First Reads Should Show
    [Documentation]    Fails unless additions that come while the day's first reads are under way are in the next read
    ...    (law 6).
    [Arguments]    ${section}
    ${player}    Create Player
    Write History    ${player}    3 days ago: 5 stone    section=${section}
    ${reads}    Prepare    4    Read Inventory    ${player}    ${section}
    ${additions}    Prepare    2    Add Items    ${player}    1 stone    section=${section}
    ${answers}    Race    ${reads}    ${additions}    table=inventory.daily_balances
    Answers Should Be    ${answers}    200=6
    ${instances}    Target Setting    instances
    FOR    ${instance}    IN    @{instances}
        Inventory Should Be    ${player}    7 stone    section=${section}    at=${instance}
    END

Spelled Read Should Show The Last Write
    [Documentation]    Fails unless a read with this query, if it is answered, shows an addition after two of its like.
    [Arguments]    ${query}
    Give The Test A Player Who Owns    3 stone
    FOR    ${stones}    IN    3    3    4
        IF    ${stones} == 4    Add Items    ${PLAYER}    1 stone
        Query Should Be Answered    ${query}    200|400    ${stones} stone
    END

Exchange Should Show In The Next Read
    [Documentation]    Fails unless an adjustment that takes one thing and gives another is in the next read (law 6).
    [Arguments]    ${before}    ${taken}    ${given}    @{after}
    ${player}    Create Player Who Owns    ${before}
    Inventory Should Be    ${player}    ${before}
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    ${taken}    ${given}
    Inventory Should Be    ${player}    @{after}

Uncached Read Should Cost The Same
    [Documentation]    Fails when a read of the first player takes over twice one of the second, at the median: to look
    ...    at all rows takes three to twelve times as long.
    [Arguments]    ${one}    ${other}
    VAR    @{these}    @{EMPTY}
    VAR    @{those}    @{EMPTY}
    FOR    ${_}    IN RANGE    9
        FOR    ${player}    ${kept}    IN    ${one}    ${these}    ${other}    ${those}
            Drop Cached Balances    ${player}
            ${answer}    Read Inventory    ${player}
            Evaluate    $kept.append($answer.milliseconds)
        END
    END
    VAR    ${ratio}    ${{ statistics.median($these) / statistics.median($those) }}
    Should Be True    ${ratio} < 2    A read that finds nothing cached costs ${ratio} times as much (5.2)

Write Should Show In The Next Read
    [Documentation]    Fails unless a read shows a write of 3 stones, of a player who owns 20 in each section.
    [Arguments]    ${what}    ${where}
    ${player}    Create Player Who Owns    20 stone
    Add Items    ${player}    20 stone    section=factory
    Add Items    ${player}    20 stone    section=trade
    Stones Should Be    ${player}    20    20    20
    Change Should Show    ${what}    ${player}    ${where}

Write Should Show In The Next Read Of A Player With History
    [Documentation]    Like `Write Should Show In The Next Read`, where all of it was there before today.
    [Arguments]    ${what}    ${where}
    ${player}    Create Player With History    3 days ago: 20 stone
    Write History    ${player}    2 days ago: 20 stone    section=factory
    Write History    ${player}    2 days ago: 20 stone    section=trade
    Stones Should Be    ${player}    20    20    20
    Change Should Show    ${what}    ${player}    ${where}

Change Should Show
    [Documentation]    Does something to 3 stones, and looks at each section right after it.
    [Arguments]    ${what}    ${player}    ${where}
    VAR    &{changes}    Add=3    Reserve=-3    Return=0    Consume=-3    Adjust=-3
    VAR    &{held}    Reserve=3    Add=0    Return=0    Consume=0    Adjust=0
    Do    ${what}    ${player}    stone    ${where}
    Stones Should Be    ${player}
    ...    ${{ 20 + int($changes[$what]) * ($where == "main") }}
    ...    ${{ 20 + int($changes[$what]) * ($where == "factory") + int($held[$what]) }}
    ...    ${{ 20 + int($changes[$what]) * ($where == "trade") }}

Stones Should Be In Main And Factory
    [Documentation]    Fails unless a player's stones are these in main and factory.
    [Arguments]    ${player}    ${main}    ${factory}
    Inventory Should Be    ${player}    ${main} stone
    Inventory Should Be    ${player}    ${factory} stone    section=factory

Reads Beside Writes Should Leave No Older Balance
    [Documentation]    Sends four reads and three additions at one instant, again and again, and reads after each time.
    [Arguments]    ${player}    ${times}
    ${reads}    Prepare    4    Read Inventory    ${player}
    ${additions}    Prepare    ${{ 3 * int($times) }}    Add Items    ${player}    1 stone
    FOR    ${added}    IN RANGE    1    ${{ int($times) + 1 }}
        Send Together    ${reads}    ${additions}[${{ 3 * $added - 3 }}:${{ 3 * $added }}]
        Inventory Should Be    ${player}    ${added * 3 + 1} stone
    END
    History Should Be Serial    ${player}
