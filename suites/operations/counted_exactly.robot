*** Settings ***
Documentation     What metrics say of calls that nobody else makes meanwhile (contract 6.2): at an instance that is
...               started for these tests beside the embedded stack, elsewhere at the target's first one.

Resource          ../../resources/outages.resource

Suite Setup       Have An Instance To Oneself
Suite Teardown    Stop Services Of Its Own

Test Tags         operations


*** Test Cases ***
Each Request Is Counted Once, On Every Listener
    [Documentation]    6.2 S: by method, endpoint and status.
    [Template]    Requests Should Be Counted
    # how many    the call and its answer    the labels
    3    Read 200    method=GET    status=200    endpoint=${PATH}
    3    Stranger's Read 401    method=GET    status=401
    3    Read Of No Section 400    method=GET    status=400    endpoint=${PATH}
    2    Too Large Reservation 400    method=POST    status=400
    1    Unknown Reservation 404    method=GET    status=404

What A Guard Refuses Is Counted Too
    [Documentation]    6.2 S, 3.1 S: of services' and administrators' calls.
    [Setup]    Require Part    service tokens    admin tokens
    [Template]    Requests Should Be Counted
    # how many    the call and its answer    the labels
    2    Stranger's Reserve 401    method=POST    status=401
    2    Stranger's Adjust 401    method=POST    status=401

A Request For No Path Is Counted Too
    [Documentation]    6.2 H: an unknown path is one pattern, and a request like any other.
    [Tags]    hardening
    [Template]    Requests Should Be Counted
    # how many    the call and its answer    the labels
    2    Unknown Path 404    method=GET    status=404
    2    Unknown Internal Path 404    method=GET    status=404

Each Request Is Counted By Its Own Method
    [Documentation]    6.2 S: whatever the answer is; methods that no call has may have one name in common.
    [Template]    Method Should Be Counted
    PUT
    PATCH
    DELETE

Each Request's Duration Is Observed Whatever The Answer
    [Documentation]    6.2 S: as many durations as requests.
    Once Counts Have Settled    Durations Should Be As Many As Requests

Gauges Come Back Down
    [Documentation]    6.2 S: after many requests at once, and some never ended, only the question is in flight.
    ${reads}    Prepare    20    Read Inventory    ${OWNER}    at=${INSTANCE}
    ${strangers}    Prepare    10    Read Inventory    ${NONE}    at=${INSTANCE}
    ${refused}    Prepare    10    Reserve    ${OWNER}    99 stone    by=${OWN SERVICE}    at=${INSTANCE}
    ${answers}    Send Together    ${reads}    ${strangers}    ${refused}
    Answers Should Be    ${answers}    200=20    missing_token=10    insufficient_items=10
    Wait Until Keyword Succeeds    3 s    100 ms    Nothing Should Be In Flight
    ${service}    Own Service's Token
    Hold Connections    5    POST BASE/inventory/add-items HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Content-Type: application/json    Content-Length: 400    ${EMPTY}    {"user_id":    by=${service}
    ...    to=internal    at=${INSTANCE}
    Hang Up
    Wait Until Keyword Succeeds    3 s    100 ms    Nothing Should Be In Flight

Paths That Do Not Exist Make No Series
    [Documentation]    6.2 S: endpoint is the route's pattern, never a raw path.
    Ask For No Path    /first-unknown
    ${unknown}    New Id
    Read Reservation    ${unknown}    by=${NONE}    at=${INSTANCE}    expect=401|404
    ${before}    Values Of Label At    endpoint
    FOR    ${number}    IN RANGE    12
        ${unknown}    New Id
        Read Reservation    ${unknown}    by=${NONE}    at=${INSTANCE}    expect=401|404
        Ask For No Path    /unknown-${number}/of/many
        Read Reservation    ${number}-${number}    by=${OWN SERVICE}    at=${INSTANCE}    expect=4xx
    END
    ${after}    Values Of Label At    endpoint
    Should Be True    len($after) <= len($before) + 1    Unknown paths made series: ${after} (6.2)

A Call That Closes No Day Counts No Snapshot
    [Documentation]    6.2 S, 5.1 S: inventory_daily_balance_created_total; none for a player without history.
    ${before}    Metric Value    daily_balance_created_total    ${INSTANCE}
    ${added}    Add Items    ${OWNER}    9 wood    by=${OWN SERVICE}    at=${INSTANCE}
    Add Items    ${OWNER}    9 wood    operation_id=${added}    by=${OWN SERVICE}    at=${INSTANCE}    expect=200|4xx
    Add Items    ${OWNER}    8 wood    operation_id=${added}    by=${OWN SERVICE}    at=${INSTANCE}    expect=200|4xx
    FOR    ${end}    IN    Return Reserve    Consume Reserve
        ${reserved}    Reserve    ${OWNER}    2 wood    by=${OWN SERVICE}    at=${INSTANCE}
        Run Keyword    ${end}    ${OWNER}    ${reserved}    by=${OWN SERVICE}    at=${INSTANCE}
        Run Keyword    ${end}    ${OWNER}    ${reserved}    by=${OWN SERVICE}    at=${INSTANCE}    expect=200|4xx
        Run Keyword    ${end}    ${OWNER}    ${added}    by=${OWN SERVICE}    at=${INSTANCE}    expect=4xx
        Reserve    ${OWNER}    99 wood    by=${OWN SERVICE}    at=${INSTANCE}    expect=4xx
    END
    Metric Should Have Grown By Exactly    daily_balance_created_total    ${before}    0    ${INSTANCE}

A Snapshot Is Counted Also When The Write That Made It Was Refused
    [Documentation]    6.2 S, 5.1 S: no rule says whether a refused write makes one, or takes back that it did.
    [Setup]    Require Part    database    disposable data
    ${player}    Player Of The Instance
    Write History    ${player}    2 days ago: 5 stone    2 days ago: 3 wood
    ${before}    Metric Value    daily_balance_created_total    ${INSTANCE}    section=main
    Reserve    ${player}    9 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=400
    ${made}    Snapshots Of Player    ${player}    main
    Wait Until Keyword Succeeds    2 s    100 ms    Metric Should Have Grown Between
    ...    daily_balance_created_total    ${before}    ${{ len($made) }}    ${2}    ${INSTANCE}    section=main

A Snapshot Of The Factory Is Counted Whichever Call Made It
    [Documentation]    6.2 S, 5.1 S: the end of a reservation of before today, or the read after it.
    [Setup]    Require Part    database    disposable data
    [Template]    Snapshot Around An End Should Be Counted
    Return Reserve
    Consume Reserve

What A Dependency Does Is Counted
    [Documentation]    6.2 S: queries and commands, and their failures by their status.
    ${queries}    Metric Value    database_queries_total    ${INSTANCE}
    ${commands}    Metric Value    redis_commands_total    ${INSTANCE}
    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    Read Inventory    ${OWNER}    at=${INSTANCE}
    Metric Should Have Grown    database_queries_total    ${queries}    at=${INSTANCE}
    Metric Should Have Grown    redis_commands_total    ${commands}    at=${INSTANCE}

The Hit Ratio Is One And The Collector Of The Process Is There
    [Documentation]    6.2 S: a ratio is between 0 and 1; process_* are the process collector's own.
    Read Inventory    ${OWNER}    at=${INSTANCE}
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}    cache_hit_ratio
    FOR    ${type}    IN    @{{ $labels.get("cache_type", []) }}
        ${ratio}    Sum Of Samples    ${answer}    cache_hit_ratio    cache_type=${type}
        Should Be True    0 <= ${ratio} <= 1    The hit ratio of ${type} is ${ratio} (6.2)
    END
    Should Match Regexp    ${answer.text}    (?m)^process_\\w+.* [0-9]    The process collector's own are missing (6.2)
    ...    values=False

The Hit Ratio Falls Where Something Was Not Found In A Cache
    [Documentation]    6.2 S: a player's first read, or the next when what was kept of it is gone, after others.
    [Setup]    Require Part    database    redis    disposable data
    ${known}    Player With A Past
    Repeat Keyword    4 times    Read Inventory    ${known}    at=${INSTANCE}
    ${kept}    Ask Redis    KEYS    inventory:${known.user_id}:*    database=1
    Skip If    not $kept    the target caches no balances, as it may (5.3)
    ${before}    Hit Ratios
    Skip If    not any($before.values())    nothing was found in a cache
    Wait Until Keyword Succeeds    15 s    50 ms    A Miss Should Lower A Hit Ratio    ${before}

The Hit Ratio Is Above Zero Where Something Was Found In A Cache
    [Documentation]    6.2 S: by the same page, which tells how many balances were.
    [Setup]    Require Part    database    disposable data
    ${player}    Player Of The Instance
    Write History    ${player}    3 days ago: 5 stone
    FOR    ${_}    IN RANGE    4
        Read Inventory    ${player}    at=${INSTANCE}
    END
    Wait Until Keyword Succeeds    15 s    100 ms    Hits Should Show In The Hit Ratio

A Read Is Counted By Whether Its Balance Was Cached
    [Documentation]    6.2 S, 5.3 S: what was read before may be, the first read of a day closed by nobody is not.
    [Setup]    Require Part    database    redis    disposable data
    ${player}    Player Of The Instance
    Write History    ${player}    3 days ago: 5 stone
    ${hits}    ${misses}    Reads By Cache Hit
    Read Inventory    ${player}    at=${INSTANCE}
    Wait Until Keyword Succeeds    3 s    100 ms    A Read Should Have Been Counted    ${hits}    ${misses + 1}
    ${kept}    Ask Redis    KEYS    inventory:${player.user_id}:*    database=1
    Skip If    not $kept    the target caches no balances, as it may (5.3)
    Wait Until Keyword Succeeds    3 s    100 ms    Another Read Should Be A Hit    ${player}    ${hits}

The Metrics Have Their Labels
    [Documentation]    6.2 S.
    [Template]    Metric Should Have Labels
    # metric    its labels
    http_requests_total    method    endpoint    status
    database_queries_total    operation    status
    redis_commands_total    command    status
    operations_total    operation_type    section    status
    balance_calculation_duration_seconds_count    cache_hit
    cache_hit_ratio    cache_type
    cache_operations_total    operation    cache_type    status
    classifier_conversions_total    direction    classifier_type
    insufficient_balance_errors_total    section    item_class
    transaction_rollbacks_total    operation_type    reason
    dependency_health    dependency


*** Keywords ***
Ask For No Path
    [Documentation]    Ask each listener for a path that is none (6.2).
    [Arguments]    ${path}
    FOR    ${to}    IN    public    internal
        Send    GET    ${path}    to=${to}    by=${OWNER}    at=${INSTANCE}    expect=any
    END

Reads By Cache Hit
    [Documentation]    How many balances were found in the cache, and how many were not (6.2).
    ${answer}    Read Metrics    at=${INSTANCE}
    ${all}    Sum Of Samples    ${answer}    balance_calculation_duration_seconds_count
    VAR    ${hits}    ${0}
    FOR    ${told}    IN    true    True    TRUE    1    yes    Yes    YES    hit    Hit    HIT
        ${found}    Sum Of Samples    ${answer}    balance_calculation_duration_seconds_count    cache_hit=${told}
        VAR    ${hits}    ${{ $hits + $found }}
    END
    RETURN    ${hits}    ${{ $all - $hits }}

A Read Should Have Been Counted
    [Documentation]    Fails unless so many balances were found in the cache, and at least so many were not (6.2).
    [Arguments]    ${hits}    ${misses}
    ${found}    ${others}    Reads By Cache Hit
    Should Be True    $others >= $misses    A read that found nothing in the cache is not counted as that (6.2)
    Should Be Equal As Integers    ${found}    ${hits}    What was not cached is counted as a hit (6.2)

Another Read Should Be A Hit
    [Documentation]    Reads once more; fails unless more balances were found in the cache than before (6.2).
    [Arguments]    ${player}    ${hits}
    Read Inventory    ${player}    at=${INSTANCE}
    ${found}    ${_}    Reads By Cache Hit
    Should Be True    $found > $hits    No read is counted as a hit, though the same was read before (6.2)

Player With A Past
    [Documentation]    A player who may call ${INSTANCE}, and got something three days ago (5.1).
    ${player}    Player Of The Instance
    Write History    ${player}    3 days ago: 5 stone
    RETURN    ${player}

Hit Ratios
    [Documentation]    The hit ratio of each kind of cache (6.2).
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}    cache_hit_ratio
    VAR    ${ratios}    ${{ {} }}
    FOR    ${type}    IN    @{{ $labels.get("cache_type", []) }}
        ${ratio}    Sum Of Samples    ${answer}    cache_hit_ratio    cache_type=${type}
        VAR    &{ratios}    &{ratios}    ${type}=${ratio}
    END
    RETURN    ${ratios}

A Miss Should Lower A Hit Ratio
    [Documentation]    Fails unless one kind of cache has a lower hit ratio than before, once one more read has found
    ...    nothing: where the last so many count, it may take more than one. Where there is one kind alone, the read has
    ...    found much else in it, and another ratio will do (6.2).
    [Arguments]    ${before}
    ${new}    Player With A Past
    Read Inventory    ${new}    at=${INSTANCE}
    # Whoever knows that nothing can be there for the first one looks for the next one only.
    Drop Cached Balances    ${new}
    Read Inventory    ${new}    at=${INSTANCE}
    ${now}    Hit Ratios
    VAR    ${is_seen}    ${{ operator.lt if len($before) > 1 else operator.ne }}
    ${fallen}    Evaluate    any(map($is_seen, map($now.get, $before), $before.values()))
    Should Be True    ${fallen}    Something was not found, and the hit ratios went from ${before} to ${now} (6.2)

Hits Should Show In The Hit Ratio
    [Documentation]    Fails when balances were found in the cache, and the hit ratio of each kind is 0 (6.2).
    ${answer}    Read Metrics    at=${INSTANCE}
    ${hits}    ${_}    Reads By Cache Hit
    ${ratios}    Sum Of Samples    ${answer}    cache_hit_ratio
    Should Be True    $ratios > 0 or $hits == 0    ${hits} balances were found, and no hit ratio is above 0 (6.2)

Once Counts Have Settled
    [Documentation]    Compares counts, twice at most: no rule says that a call is counted before its answer.
    [Arguments]    ${name}    @{arguments}    &{labels}
    Wait Until Keyword Succeeds    2x    200 ms    ${name}    @{arguments}    &{labels}

Requests Should Be Counted
    [Documentation]    Like `Calls Should Be Counted`, once counts have settled.
    [Arguments]    ${times}    ${what}    &{labels}
    Once Counts Have Settled    Calls Should Be Counted    ${times}    ${what}    &{labels}

Calls Should Be Counted
    [Documentation]    Fails unless so many calls of a kind make a counter grow by as much.
    [Arguments]    ${times}    ${what}    &{labels}
    ${before}    Metric Value    http_requests_total    ${INSTANCE}    &{labels}
    ${unknown}    New Id
    FOR    ${_}    IN RANGE    ${times}
        IF    $what == "Read 200"
            Read Inventory    ${OWNER}    at=${INSTANCE}
        ELSE IF    $what == "Stranger's Read 401"
            Read Inventory    ${NONE}    at=${INSTANCE}    expect=401
        ELSE IF    $what == "Read Of No Section 400"
            Read Inventory    ${OWNER}    attic    at=${INSTANCE}    expect=400
        ELSE IF    $what == "Too Large Reservation 400"
            Reserve    ${OWNER}    999 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=400
        ELSE IF    $what.startswith("Stranger's ")
            Send Good Call    ${what.split()[1].lower()}    at=${INSTANCE}    expect=401
        ELSE IF    $what.startswith("Unknown ") and "Path" in $what
            VAR    ${to}    ${{ "internal" if "Internal" in $what else "public" }}
            Send    GET    /nowhere/at/all    to=${to}    by=${OWNER}    at=${INSTANCE}    expect=404
        ELSE
            Read Reservation    ${unknown}    by=${OWN SERVICE}    at=${INSTANCE}    expect=404
        END
    END
    Metric Should Have Grown By Exactly    http_requests_total    ${before}    ${times}    ${INSTANCE}    &{labels}

Method Should Be Counted
    [Documentation]    Fails unless a request by a method is counted once, under no method of a call.
    [Arguments]    ${method}
    ${before}    Requests By Methods Of No Call
    Send    ${method}    /inventory    by=${OWNER}    at=${INSTANCE}    expect=any
    Wait Until Keyword Succeeds    3 s    100 ms    One More Should Be By A Method Of No Call    ${method}    ${before}

One More Should Be By A Method Of No Call
    [Documentation]    Fails unless one more such request is counted than before (6.2).
    [Arguments]    ${method}    ${before}
    ${now}    Requests By Methods Of No Call
    Should Be Equal As Integers
    ...    ${now}
    ...    ${before + 1}
    ...    Requests by methods of no call after one by ${method} (6.2)

Requests By Methods Of No Call
    [Documentation]    How many requests were counted under another method than GET and POST (6.2).
    ${answer}    Read Metrics    at=${INSTANCE}
    ${all}    Sum Of Samples    ${answer}    http_requests_total
    ${gets}    Sum Of Samples    ${answer}    http_requests_total    method=GET
    ${posts}    Sum Of Samples    ${answer}    http_requests_total    method=POST
    RETURN    ${{ $all - $gets - $posts }}

Snapshot Around An End Should Be Counted
    [Documentation]    Fails unless both snapshots are counted that the end of a reservation and a read need.
    [Arguments]    ${end}
    ${before}    Metric Value    daily_balance_created_total    ${INSTANCE}    section=factory
    ${player}    Player Of The Instance
    Write History    ${player}    4 days ago: 9 stone    4 days ago: 7 wood
    ${operation}    Write A Reservation    ${player}    4 stone    3 wood    days_ago=2
    Run Keyword    ${end}    ${player}    ${operation}    by=${OWN SERVICE}    at=${INSTANCE}
    Read Inventory    ${player}    factory    at=${INSTANCE}
    Metric Should Have Grown By Exactly    daily_balance_created_total    ${before}    2    ${INSTANCE}
    ...    section=factory

Durations Should Be As Many As Requests
    [Documentation]    Fails unless four calls make as many durations as requests.
    ${before}    Requests And Durations
    ${unknown}    New Id
    Read Inventory    ${OWNER}    at=${INSTANCE}
    Read Inventory    ${NONE}    at=${INSTANCE}    expect=401
    Reserve    ${OWNER}    999 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=400
    Read Reservation    ${unknown}    by=${OWN SERVICE}    at=${INSTANCE}    expect=404
    Wait Until Keyword Succeeds    2 s    100 ms    Requests Should Have Durations    ${before}

Metric Should Have Labels
    [Documentation]    Fails unless a metric's samples have these labels.
    [Arguments]    ${name}    @{labels}
    ${answer}    Read Metrics    at=${INSTANCE}
    # A counter of what has never happened may have no samples; that a metric is there at all is asked elsewhere.
    ${is_told}    Run Keyword And Return Status    Metrics Should Have    ${answer}    ${name}
    Skip If    not ${is_told}    ${name} has no samples, as of what has never happened
    ${found}    Labels Of    ${answer}    ${name}
    Should Be True    set($labels) <= set($found)    ${name} has the labels ${found}, promised are ${labels} (6.2)
