*** Settings ***
Documentation     What metrics say of writes, by type, section and status, when nobody else writes (contract 6.2): at an
...               instance of these tests' own beside the embedded stack, elsewhere at the target's first one.

Resource          ../../resources/concurrency.resource
Resource          ../../resources/outages.resource

Suite Setup       Have An Instance To Oneself
Suite Teardown    Stop Services Of Its Own

Test Tags         operations


*** Test Cases ***
A Written Operation Is Counted By Type, Section And Status
    [Documentation]    6.2 S: inventory_operations_total, and not inventory_transaction_rollbacks_total.
    [Template]    Operation Should Be Counted
    # operation type    section
    chest_reward    main
    system_reward    trade
    admin_adjustment    factory
    admin_adjustment    trade

What Is Written At Once Is Counted Each Under Its Own Type And Section
    [Documentation]    6.2 S: inventory_operations_total, of additions that are sent together.
    ${chests}    Operations By Status    chest_reward    main
    ${quests}    Operations By Status    daily_quest_reward    trade
    ${first}    Prepare    9    Add Items    ${OWNER}    1 ore    by=${OWN SERVICE}    at=${INSTANCE}
    ${second}    Prepare    9    Add Items    ${OWNER}    1 ore    operation_type=daily_quest_reward    section=trade
    ...    by=${OWN SERVICE}    at=${INSTANCE}
    ${answers}    Send Together    ${first}    ${second}
    Answers Should Be    ${answers}    200=18
    Operations Should Have Been Counted    ${chests}    9    chest_reward    main
    Operations Should Have Been Counted    ${quests}    9    daily_quest_reward    trade

Each Call Is Counted Once Under A Route Of Its Own
    [Documentation]    6.2 S: `endpoint` is the route's pattern, and counters count each request once.
    VAR    @{routes}    @{EMPTY}
    FOR    ${call}    IN    read    add-items    reserve    return-reserve    consume-reserve    reservation
        ${before}    Requests By Route
        Repeat Keyword    3 times    Send Good Call    ${call}
        ...    ${{ $OWNER if $call == "read" else $OWN_SERVICE }}    at=${INSTANCE}    expect=200|400|404
        ${route}    Wait Until Keyword Succeeds
        ...    3 s
        ...    100 ms
        ...    Three Should Be Counted Under One Route
        ...    ${before}
        VAR    @{routes}    @{routes}    ${route}
    END
    # One that has a placeholder may be the route of several calls, but not of a read, which has nothing in its place.
    VAR    @{literal}    @{{ filter(re.compile("[\\w/. -]*").fullmatch, $routes) }}
    Length Should Be
    ...    ${{ set($literal) }}
    ...    ${{ len($literal) }}
    ...    Two calls are counted under one: ${routes} (6.2)
    Should Not Be Equal    ${routes}[0]    ${routes}[-1]    A read and a look at a reservation are one route (6.2)

An Adjustment Is Counted Once Under A Route Of Its Own
    [Documentation]    6.2 S: as a request, like any other call.
    [Setup]    Require Part    an administrator
    ${administrator}    Administrator Of The Instance
    ${before}    Requests By Route
    Repeat Keyword    3 times    Adjust Inventory    ${administrator}    ${OWNER}    +1 ore    at=${INSTANCE}
    Wait Until Keyword Succeeds    3 s    100 ms    Three Should Be Counted Under One Route    ${before}

A Reservation And Its Ends Are Each Counted Once
    [Documentation]    6.2 S: inventory_operations_total, in main, in factory or in both.
    Add Items    ${OWNER}    9 ore    by=${OWN SERVICE}    at=${INSTANCE}
    FOR    ${end}    ${type}    IN    Return Reserve    factory_return    Consume Reserve    factory_consumption
        ${before}    Counted In Both Sections    factory_reservation
        ${operation}    Reserve    ${OWNER}    1 ore    by=${OWN SERVICE}    at=${INSTANCE}
        Wait Until Keyword Succeeds    2 s    100 ms    One More Should Be Counted    factory_reservation    ${before}
        ${before}    Counted In Both Sections    ${type}
        Run Keyword    ${end}    ${OWNER}    ${operation}    by=${OWN SERVICE}    at=${INSTANCE}
        Wait Until Keyword Succeeds    2 s    100 ms    One More Should Be Counted    ${type}    ${before}
    END

Each Scrape Is Counted
    [Documentation]    6.2 S: each request once, on the listener for metrics too.
    ${before}    Metric Value    http_requests_total    ${INSTANCE}
    Repeat Keyword    20 times    Read Metrics    at=${INSTANCE}
    Metric Should Have Grown    http_requests_total    ${before}    20    at=${INSTANCE}

A Refused Write Is Not Counted As One That Succeeded
    [Documentation]    6.2 S: inventory_operations_total by status, whatever the statuses are called.
    [Setup]    Add Items    ${OWNER}    1 ore    by=${OWN SERVICE}    at=${INSTANCE}
    [Template]    Refusal Should Be Counted Apart
    # its operation type    what succeeds and what is refused
    factory_reservation    Reserve    1 ore    99 ore    by=${OWN SERVICE}
    admin_adjustment    Adjust As An Administrator Of The Instance    +1 ore    -99 ore

A Refused End Is Not Counted As One That Succeeded
    [Documentation]    6.2 S: inventory_operations_total by status, of a reservation that is not there.
    [Tags]    long
    [Template]    Refused End Should Be Counted Apart
    # its operation type    the end
    factory_return    Return Reserve
    factory_consumption    Consume Reserve

What Is Short Is Counted Once
    [Documentation]    6.2 S: inventory_insufficient_balance_errors_total{section,item_class}.
    ${class}    Class Of    stone
    ${before}    Metric Value
    ...    insufficient_balance_errors_total
    ...    ${INSTANCE}
    ...    section=main
    ...    item_class=${class}
    Reserve    ${OWNER}    999999 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=400 insufficient_items
    Metric Should Have Grown By Exactly    insufficient_balance_errors_total    ${before}    1    ${INSTANCE}
    ...    section=main    item_class=${class}

Conversions And Looks Into The Cache Are Counted
    [Documentation]    6.2 S: inventory_classifier_conversions_total and inventory_cache_operations_total.
    [Setup]    Require Part    database    redis    disposable data
    ${player}    Player Of The Instance
    Write History    ${player}    3 days ago: 5 stone
    ${conversions}    Metric Value    classifier_conversions_total    ${INSTANCE}
    ${looks}    Metric Value    cache_operations_total    ${INSTANCE}
    Add Items    ${player}    1 metal tools/axe    by=${OWN SERVICE}    at=${INSTANCE}
    Read Inventory    ${player}    at=${INSTANCE}
    Wait Until Keyword Succeeds    3 s    100 ms    Should Have Grown    classifier_conversions_total    ${conversions}
    ${kept}    Ask Redis    KEYS    inventory:${player.user_id}:*    database=1
    Skip If    not $kept    the target caches no balances, as it may (5.3)
    Wait Until Keyword Succeeds    3 s    100 ms    Should Have Grown    cache_operations_total    ${looks}

The Snapshots Of A Read Are Counted In Its Section
    [Documentation]    6.2 S: inventory_daily_balance_created_total{section}.
    [Setup]    Require Part    database    disposable data
    [Template]    Snapshots Of A Read Should Be Counted In
    # section
    main
    factory
    trade

The Snapshots Of Many Calls At Once Are Counted Once
    [Documentation]    6.2 S, 5.1 S: inventory_daily_balance_created_total; one call makes them, whoever asks with it.
    [Setup]    Require Part    database    disposable data
    ${player}    Player Of The Instance
    Write History    ${player}    2 days ago: 9 stone    2 days ago: 3 wood
    ${before}    Metric Value    daily_balance_created_total    ${INSTANCE}    section=main
    ${reads}    Prepare    8    Read Inventory    ${player}    at=${INSTANCE}
    ${reserves}    Prepare    4    Reserve    ${player}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    ${answers}    Race    ${reads}    ${reserves}    table=inventory.daily_balances
    Answers Should Be    ${answers}    200=12
    Metric Should Have Grown By Exactly    daily_balance_created_total    ${before}    2    ${INSTANCE}
    ...    section=main

What Is Not There Is No Failure Of Whoever Was Asked
    [Documentation]    6.2 S: queries and commands that find nothing are not counted as failed, whatever that is called.
    ${player}    Player Of The Instance
    ${before}    Failures Of Dependencies
    ${id}    New Id
    FOR    ${_}    IN RANGE    10
        Read Inventory    ${player}    at=${INSTANCE}
        Read Reservation    ${id}    by=${OWN SERVICE}    at=${INSTANCE}    expect=404
    END
    ${after}    Failures Of Dependencies
    # One or two may have met somebody else's trouble.
    Should Be True    ${after} - ${before} < 5    What found nothing is counted as failed (6.2)

What Callers Have Hung Up On Is In Flight No More
    [Documentation]    6.2 S: http_requests_in_flight, of calls that were at work when their callers left.
    [Setup]    Require Part    database    disposable data
    ${idle}    Metric Value    http_requests_in_flight    ${INSTANCE}
    VAR    ${BUSY}    ${{ $idle + 3 }}    scope=TEST
    ${answered}    Prepare    1    Add Items    ${OWNER}    1 ore    by=${OWN SERVICE}    at=${INSTANCE}
    Leave Out Of Histories    ${OWNER}
    ${answers}    Send Together Before Any Row Is Written    ${answered}    meanwhile=Five Should Begin And Hang Up
    Answers Should Be    ${answers}    200=1
    Wait Until Keyword Succeeds    5 s    100 ms    Fewer Should Be In Flight Than    ${idle + 1}
    Hold Connections    40    GET BASE/inventory HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN    ${EMPTY}
    ...    by=${OWNER}    at=${INSTANCE}
    Hang Up
    Wait Until Keyword Succeeds    5 s    100 ms    Fewer Should Be In Flight Than    ${idle + 1}


*** Keywords ***
Requests By Route
    [Documentation]    How many requests were counted under each route, probes and scrapes aside (6.2).
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}    http_requests_total
    VAR    &{counted}    &{EMPTY}
    FOR    ${route}    IN    @{labels}[endpoint]
        IF    "metrics" in $route or "health" in $route    CONTINUE
        ${count}    Sum Of Samples    ${answer}    http_requests_total    endpoint=${route}
        VAR    &{counted}    &{counted}    ${route}=${count}
    END
    RETURN    ${counted}

Three Should Be Counted Under One Route
    [Documentation]    Fails unless three more requests are counted than before, all under one route; returns it (6.2).
    [Arguments]    ${before}
    ${now}    Requests By Route
    VAR    &{grown}    &{EMPTY}
    FOR    ${route}    ${count}    IN    &{now}
        VAR    ${more}    ${{ $count - $before.get($route, 0) }}
        IF    $more > 0
            VAR    &{grown}    &{grown}    ${route}=${more}
        END
    END
    Should Be True    list($grown.values()) == [3]    Three calls are counted as ${grown} (6.2)
    RETURN    ${{ list($grown)[0] }}

Five Should Begin And Hang Up
    [Documentation]    Begin five additions at ${INSTANCE}, and hang up once some of them are under way (law 5).
    VAR    @{items}    1 ore
    ${service}    Own Service's Token
    ${body}    Body    ${items}    user_id=${OWNER.user_id}    section=main    operation_type=chest_reward
    ...    operation_id=${NONE}
    Begin Calls    5    /inventory/add-items    ${body}    ${service}    internal    at=${INSTANCE}
    # Where the metrics never tell of them, they may have been hung up on before they began.
    Run Keyword And Return Status
    ...    Wait Until Keyword Succeeds    2 s    20 ms    Run Keyword And Expect Error    *are in flight*
    ...    Fewer Should Be In Flight Than    ${BUSY}
    Hang Up

Fewer Should Be In Flight Than
    [Documentation]    Fails unless fewer calls than that are in flight at ${INSTANCE} (6.2).
    [Arguments]    ${count}
    ${in_flight}    Metric Value    http_requests_in_flight    ${INSTANCE}
    Should Be True    ${in_flight} < ${count}    ${in_flight} calls are in flight, idle are ${{ $count - 1 }} (6.2)

Failures Of Dependencies
    [Documentation]    How many queries and commands are counted under a status that speaks of an error (6.2).
    ${answer}    Read Metrics    at=${INSTANCE}
    VAR    ${sum}    ${0}
    FOR    ${name}    IN    database_queries_total    redis_commands_total
        ${labels}    Labels Of    ${answer}    ${name}
        FOR    ${status}    IN    @{labels.get("status", [])}
            IF    "err" not in $status.lower() and "fail" not in $status.lower()
                CONTINUE
            END
            ${found}    Sum Of Samples    ${answer}    ${name}    status=${status}
            VAR    ${sum}    ${{ $sum + $found }}
        END
    END
    RETURN    ${sum}

Should Have Grown
    [Documentation]    Fails unless a metric is higher than before (6.2).
    [Arguments]    ${name}    ${before}
    ${now}    Metric Value    ${name}    ${INSTANCE}
    Should Be True    ${now} > ${before}    ${name} stands still at ${now} (6.2)

Snapshots Of A Read Should Be Counted In
    [Documentation]    Fails unless the snapshots of a first read of the day are counted in its section (6.2).
    [Arguments]    ${section}
    ${player}    Player Of The Instance
    Write History    ${player}    2 days ago: 5 stone    2 days ago: 3 wood    section=${section}
    ${before}    Metric Value    daily_balance_created_total    ${INSTANCE}    section=${section}
    Read Inventory    ${player}    ${section}    at=${INSTANCE}
    Metric Should Have Grown By Exactly    daily_balance_created_total    ${before}    2    ${INSTANCE}
    ...    section=${section}

Refusal Should Be Counted Apart
    [Documentation]    Fails unless a call that is refused is counted under another status than one that succeeds, or
    ...    not at all (6.2).
    [Arguments]    ${type}    ${call}    ${good}    ${bad}    &{how}
    ${before}    Operations By Status    ${type}
    Run Keyword    ${call}    ${OWNER}    ${good}    at=${INSTANCE}    &{how}
    ${between}    Wait Until Keyword Succeeds
    ...    2 s
    ...    100 ms
    ...    Operations By Other Status Than
    ...    ${type}
    ...    ${before}
    Run Keyword    ${call}    ${OWNER}    ${bad}    at=${INSTANCE}    expect=400 insufficient_items    &{how}
    # That it is counted at all is not promised.
    Run Keyword And Ignore Error
    ...    Wait Until Keyword Succeeds    1 s    100 ms    Operations By Other Status Than    ${type}    ${between}
    ${after}    Operations By Status    ${type}
    VAR    ${succeeded}    ${{ {*dict($between.items() - $before.items())} }}
    VAR    ${refused}    ${{ {*dict($after.items() - $between.items())} }}
    # What was begun may be told too, of either.
    Should Be True    not $succeeded <= $refused    Success is counted as ${succeeded}, a refusal as ${refused} (6.2)

Counted In Both Sections
    [Documentation]    How many operations of a type are counted under each status, in main and in factory (6.2).
    [Arguments]    ${type}
    ${main}    Operations By Status    ${type}    main
    ${factory}    Operations By Status    ${type}    factory
    VAR    ${of_main}    ${{ {"main " + status: n for status, n in $main.items()} }}
    VAR    ${of_factory}    ${{ {"factory " + status: n for status, n in $factory.items()} }}
    RETURN    ${{ {**$of_main, **$of_factory} }}

One More Should Be Counted
    [Documentation]    Fails unless under one section and status there is one more than before, and nowhere two (6.2).
    [Arguments]    ${type}    ${before}
    ${now}    Counted In Both Sections    ${type}
    VAR    ${grown}    ${{ collections.Counter($now) - collections.Counter($before) }}
    Should Be Equal As Integers    ${{ max($grown.values(), default=0) }}    1
    ...    One ${type} is counted as ${grown} more (6.2)

Refused End Should Be Counted Apart
    [Documentation]    Fails when an end that is refused is counted under the status of a good one (6.2).
    [Arguments]    ${type}    ${end}
    Add Items    ${OWNER}    1 ore    by=${OWN SERVICE}    at=${INSTANCE}
    ${operation}    Reserve    ${OWNER}    1 ore    by=${OWN SERVICE}    at=${INSTANCE}
    ${unknown}    New Id
    ${before}    Operations By Status    ${type}
    Run Keyword    ${end}    ${OWNER}    ${operation}    by=${OWN SERVICE}    at=${INSTANCE}
    ${between}    Wait Until Keyword Succeeds
    ...    2 s
    ...    100 ms
    ...    Operations By Other Status Than
    ...    ${type}
    ...    ${before}
    Run Keyword    ${end}    ${OWNER}    ${unknown}    by=${OWN SERVICE}    at=${INSTANCE}    expect=404
    Run Keyword And Ignore Error    Wait Until Keyword Succeeds    500 ms    100 ms
    ...    Operations By Other Status Than    ${type}    ${between}
    ${after}    Operations By Status    ${type}
    VAR    ${succeeded}    ${{ {*dict(set($between.items()) - set($before.items()))} }}
    VAR    ${refused}    ${{ {*dict(set($after.items()) - set($between.items()))} }}
    # What was begun may be told too, of either.
    Should Be True    not $succeeded <= $refused    Success is counted as ${succeeded}, a refusal as ${refused} (6.2)

Adjust As An Administrator Of The Instance
    [Documentation]    An adjustment by an administrator whom ${INSTANCE} lets in (4.9).
    [Arguments]    ${player}    @{items}    &{how}
    ${administrator}    Administrator Of The Instance
    Adjust Inventory    ${administrator}    ${player}    @{items}    &{how}

Administrator Of The Instance
    [Documentation]    An administrator whom ${INSTANCE} lets in (2.12).
    ${stack}    Target Setting    stack
    IF    $stack is None
        Share One Administrator
        VAR    ${administrator}    ${ADMINISTRATOR}
    ELSE
        ${administrator}    Create Administrator At Own Auth
        Token Should Become Accepted    ${administrator}    ${INSTANCE}
    END
    RETURN    ${administrator}

Operations Should Have Been Counted
    [Documentation]    Fails unless so many operations of a type are counted, or soon are: under one status, and under
    ...    no other more often, as where what was begun, or tried again, is told too (6.2).
    [Arguments]    ${before}    ${count}    ${type}    ${section}
    Wait Until Keyword Succeeds    2 s    100 ms    Most Under One Status Should Be    ${before}    ${count}    ${type}
    ...    ${section}

Most Under One Status Should Be
    [Documentation]    Fails unless one status has grown by so much, and none by more (6.2).
    [Arguments]    ${before}    ${count}    ${type}    ${section}
    ${now}    Operations By Status    ${type}    ${section}
    VAR    ${most}    ${{ max(map(operator.sub, $now.values(), map($before.get, $now, [0] * len($now))), default=0) }}
    Should Be Equal As Integers    ${most}    ${count}
    ...    Of ${type} in ${section} ${count} were written; from ${before} to ${now} are counted (6.2)

Operations By Status
    [Documentation]    How many operations of a type, in a section or in all, are counted under each status (6.2).
    [Arguments]    ${type}    ${section}=${NONE}
    VAR    &{where}    &{EMPTY}
    IF    $section    VAR    &{where}    section=${section}
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}    operations_total
    VAR    ${found}    ${{ {} }}
    FOR    ${status}    IN    @{labels.get("status", [])}
        ${count}    Sum Of Samples    ${answer}    operations_total    operation_type=${type}    status=${status}
        ...    &{where}
        VAR    &{found}    &{found}    ${status}=${count}
    END
    RETURN    ${found}

Operations By Other Status Than
    [Documentation]    How many operations of a type are counted under each status, once one more was (6.2).
    [Arguments]    ${type}    ${before}
    ${now}    Operations By Status    ${type}
    Should Not Be Equal    ${now}    ${before}    One of ${type} is not counted (6.2)
    RETURN    ${now}

Operation Should Be Counted
    [Documentation]    Fails unless an addition, or an adjustment, is counted once, where it was made, and as nothing
    ...    taken back (6.2).
    [Arguments]    ${type}    ${section}
    ${before}    Operations By Status    ${type}    ${section}
    ${undone}    Metric Value    transaction_rollbacks_total    ${INSTANCE}
    IF    $type == "admin_adjustment"
        Adjust As An Administrator Of The Instance    ${OWNER}    +1 stone    section=${section}    at=${INSTANCE}
    ELSE
        Add Items    ${OWNER}    1 stone    operation_type=${type}    section=${section}    by=${OWN SERVICE}
        ...    at=${INSTANCE}
    END
    Operations Should Have Been Counted    ${before}    1    ${type}    ${section}
    Metric Should Have Grown By Exactly    transaction_rollbacks_total    ${undone}    0    ${INSTANCE}
