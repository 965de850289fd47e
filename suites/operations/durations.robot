*** Settings ***
Documentation     What metrics say of how long requests, queries and commands take, of who was active how long ago, and
...               of requests for themselves, at an instance that nobody else calls meanwhile (contract 6.2).

Resource          ../../resources/outages.resource
Resource          ../../resources/ledger.resource

Suite Setup       Have An Instance To Oneself
Suite Teardown    Stop Services Of Its Own

Test Tags         operations


*** Test Cases ***
Durations Are In Seconds
    [Documentation]    6.2 S: of requests, of queries and of commands; the sum of ten is less than they took in all.
    [Tags]    long
    [Template]    Durations Should Be Seconds
    # metric    at least so many
    http_request_duration_seconds    20
    database_query_duration_seconds    10
    redis_command_duration_seconds    10
    balance_calculation_duration_seconds    1

Durations Of Balances That Are Cached Are In Seconds Too
    [Documentation]    6.2 S: of a player whose day before is closed.
    [Setup]    Require Part    database    disposable data
    ${player}    Player Of The Instance
    Write History    ${player}    3 days ago: 5 stone
    Read Inventory    ${player}    at=${INSTANCE}
    Durations Should Be Seconds    balance_calculation_duration_seconds    1    ${player}

What A Call Waits For Is In Its Duration
    [Documentation]    6.2 S: of the request and of its queries, while no row gets into the ledger for half a second.
    [Tags]    long
    [Setup]    Require Part    database    disposable data
    ${player}    Player Of The Instance
    ${request}    Metric Value    http_request_duration_seconds_sum    ${INSTANCE}
    ${query}    Metric Value    database_query_duration_seconds_sum    ${INSTANCE}
    ${addition}    Prepare    1    Add Items    ${player}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    ${answers}    Send Together Before Any Row Is Written    ${addition}    meanwhile=Let It Last Half A Second
    Answers Should Be    ${answers}    200=1
    Metric Should Have Grown    http_request_duration_seconds_sum    ${request}    0.4    at=${INSTANCE}
    Metric Should Have Grown    database_query_duration_seconds_sum    ${query}    0.4    at=${INSTANCE}

Percentiles Can Exceed The Limits Of Their Alerts
    [Documentation]    6.2 S: no percentile is above the last bucket that has an end (6.3).
    [Template]    Buckets Should Go Beyond
    # metric    the alert's limit in seconds
    http_request_duration_seconds    2
    database_query_duration_seconds    5
    balance_calculation_duration_seconds    1

A Bucket Holds What Those Below It Hold And The Last One Holds All
    [Documentation]    6.2 S: in Prometheus' text a histogram's buckets add up, and the one without an end is the count.
    [Template]    Buckets Should Add Up
    http_request_duration_seconds
    database_query_duration_seconds
    redis_command_duration_seconds
    balance_calculation_duration_seconds

What Redis Lets A Call Wait For Is In Its Duration
    [Documentation]    6.2 S: of the commands, while each answer of Redis comes later.
    [Setup]    Require Part    services of its own
    ${before}    Metric Value    redis_command_duration_seconds_sum    ${INSTANCE}
    Hold Back Answers    redis    0.3
    Read Inventory    ${OWNER}    at=${INSTANCE}
    Metric Should Have Grown    redis_command_duration_seconds_sum    ${before}    0.25    at=${INSTANCE}
    [Teardown]    Give Back    redis

What PostgreSQL Lets A Balance Wait For Is In Its Duration
    [Documentation]    6.2 S: of a balance that is in no cache, while each answer of PostgreSQL comes later.
    [Setup]    Require Part    services of its own
    ${player}    Player Of The Instance
    Write History    ${player}    3 days ago: 5 stone
    ${before}    Metric Value    balance_calculation_duration_seconds_sum    ${INSTANCE}
    Hold Back Answers    database    0.3
    Read Inventory    ${player}    at=${INSTANCE}
    Give Back    database
    Metric Should Have Grown    balance_calculation_duration_seconds_sum    ${before}    0.25    at=${INSTANCE}
    [Teardown]    Give Back    database

Who Was Active Is Counted
    [Documentation]    6.2 S: inventory_active_users_total.
    FOR    ${_}    IN RANGE    2
        ${player}    Player Of The Instance
        Read Inventory    ${player}    at=${INSTANCE}
    END
    Wait Until Keyword Succeeds    15 s    500 ms    Two Users Should Be Active

Who Is Active Counts Once However Often They Call
    [Documentation]    6.2 S: inventory_active_users_total tells users, not calls.
    ${player}    Player Of The Instance
    Read Inventory    ${player}    at=${INSTANCE}
    ${before}    Metric Value    active_users_total    ${INSTANCE}
    ${reads}    Prepare    40    Read Inventory    ${player}    at=${INSTANCE}
    ${answers}    Send Together    ${reads}
    Answers Should Be    ${answers}    200=40
    ${after}    Metric Value    active_users_total    ${INSTANCE}
    # Others may become active meanwhile.
    Should Be True    ${after} - ${before} < 30    40 reads of one user made ${{ $after - $before }} more active (6.2)

A User Is Active Once However Often They Log In
    [Documentation]    6.2 S: inventory_active_users_total counts users.
    [Setup]    Require Part    services of its own
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${before}    Metric Value    active_users_total    ${INSTANCE}
    FOR    ${_}    IN RANGE    3
        ${player}    Log In At Own Auth    ${player}
        Read Inventory    ${player}    at=${INSTANCE}
    END
    ${after}    Metric Value    active_users_total    ${INSTANCE}
    Should Be True    ${after} <= ${before}    Somebody who logged in three times more is counted again (6.2)

Who Has Not Called For Long Is Active No More
    [Documentation]    6.2 S: inventory_active_users_total, also while nobody else calls.
    [Tags]    long
    [Setup]    Require Part    services of its own
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}    ACTIVE_USERS_SECONDS=0.3
    ${player}    Player Of The Instance
    Token Should Become Accepted    ${player}    ${instance}
    Wait Until Keyword Succeeds    5 s    100 ms    Nobody Should Be Active    ${instance}

Who Calls All The Time Is Active Once
    [Documentation]    6.2 S: inventory_active_users_total counts users, also while those of another minute leave it.
    [Tags]    long
    [Setup]    Require Part    services of its own
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}    ACTIVE_USERS_SECONDS=0.3
    ${player}    Player Of The Instance
    Token Should Become Accepted    ${player}    ${instance}
    FOR    ${_}    IN RANGE    25
        Read Inventory    ${player}    at=${instance}
        ${active}    Metric Value    active_users_total    ${instance}
        Should Be True    ${active} <= 1    One user alone calls, and ${active} are active (6.2)
    END

Each Request Is Counted At The Listeners For Metrics And Health Too
    [Documentation]    6.2 S: once each; elsewhere probes and scrapers ask as well.
    [Setup]    Require Part    services of its own
    Read Health    at=${INSTANCE}
    ${of metrics}    Wait Until Keyword Succeeds    2 s    100 ms    Endpoint With    metrics
    ${of health}    Wait Until Keyword Succeeds    2 s    100 ms    Endpoint With    health
    ${metrics}    Metric Value    http_requests_total    ${INSTANCE}    endpoint=${of metrics}
    ${health}    Metric Value    http_requests_total    ${INSTANCE}    endpoint=${of health}
    Repeat Keyword    2 times    Read Health    at=${INSTANCE}
    Metric Should Have Grown By Exactly    http_requests_total    ${metrics}    2    ${INSTANCE}
    ...    endpoint=${of metrics}
    Metric Should Have Grown By Exactly    http_requests_total    ${health}    2    ${INSTANCE}
    ...    endpoint=${of health}


*** Keywords ***
Two Users Should Be Active
    [Documentation]    Fails unless two users are told to be active at least (6.2).
    ${active}    Metric Value    active_users_total    ${INSTANCE}
    Should Be True    ${active} >= 2    ${active} users were active, two of them just now (6.2)

Endpoint With
    [Documentation]    What `endpoint` says of a route that has this word in it: how it is written no rule says (6.2).
    [Arguments]    ${word}
    ${all}    Values Of Label At    endpoint
    VAR    @{found}    @{{ sorted(filter(re.compile($word).search, $all), key=len) }}
    Should Not Be Empty    ${found}    No request for ${word} is counted: the endpoints are ${all} (6.2)
    RETURN    ${found}[0]

Durations Should Be Seconds
    [Documentation]    Fails unless ten additions and reads are counted so often, and took in sum no longer than they
    ...    did for us.
    [Arguments]    ${name}    ${at_least}    ${player}=${OWNER}
    ${sum}    Metric Value    ${name}_sum    ${INSTANCE}
    ${count}    Metric Value    ${name}_count    ${INSTANCE}
    VAR    ${started}    ${{ time.monotonic() }}
    ${reads}    Prepare    10    Read Inventory    ${player}    at=${INSTANCE}
    ${writes}    Prepare    10    Add Items    ${player}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    Send A Mix    1    1    ${writes}    ${reads}
    VAR    ${passed}    ${{ time.monotonic() - $started }}
    Wait Until Keyword Succeeds    2 s    100 ms    They Should Be Counted In Seconds    ${name}    ${sum}
    ...    ${{ $count + float($at_least) }}    ${passed}

They Should Be Counted In Seconds
    [Documentation]    Fails unless so many durations are counted, which in sum took no longer than they did for us.
    [Arguments]    ${name}    ${sum}    ${wanted}    ${passed}
    ${more}    Metric Value    ${name}_count    ${INSTANCE}
    ${longer}    Metric Value    ${name}_sum    ${INSTANCE}
    Should Be True    ${more} >= ${wanted}    They made ${name} count ${more}, expected ${wanted} at least (6.2)
    # What the services do by themselves meanwhile is counted too; milliseconds would be a thousand times as much. A
    # clock of whole milliseconds may see none pass: how fine it is no rule says.
    Should Be True
    ...    0 <= ${longer} - ${sum} < 3 * ${passed} + 1
    ...    They took ${passed} s, ${name} says ${{ $longer - $sum }}

Let It Last Half A Second
    [Documentation]    Lets a call that is held up last (6.2).
    Let It Last    0.5

Nobody Should Be Active
    [Documentation]    Fails unless an instance tells of no active user (6.2).
    [Arguments]    ${instance}
    ${active}    Metric Value    active_users_total    ${instance}
    Should Be Equal    ${active}    ${0.0}    ${active} users are active, and nobody has called for long (6.2)

Buckets Should Go Beyond
    [Documentation]    Fails unless a histogram has a bucket that ends, and ends above so many seconds, or the metric
    ...    tells percentiles itself: count and sum alone tell none (6.2, 6.3).
    [Arguments]    ${metric}    ${seconds}
    Read Inventory    ${OWNER}    at=${INSTANCE}
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}    ${metric}_bucket
    ${of_summary}    Labels Of    ${answer}    ${metric}
    Should Be True    $labels or "quantile" in $of_summary    Nothing tells a percentile of ${metric} (6.3)
    Skip If    "le" not in $labels    ${metric} is no histogram here
    VAR    @{ends}    @{{ [float(end) for end in $labels["le"] if float(end) < 1e9] }}
    Skip If    not $ends    ${metric} has no buckets of its own here
    VAR    ${most}    ${{ max($ends) }}
    Should Be True    $most > float($seconds)    No percentile of ${metric} can be above ${most} s (6.3)
    VAR    ${least}    ${{ min(map(float, $labels["le"])) }}
    Should Be True    $least <= float($seconds)    No percentile of ${metric} can be below ${least} s (6.3)

Buckets Should Add Up
    [Documentation]    Fails unless each bucket of a histogram holds as many as the one below it, or more, and the last
    ...    one as many as are counted: looked at twice at most, for what is counted meanwhile (6.2).
    [Arguments]    ${metric}
    Read Inventory    ${OWNER}    at=${INSTANCE}
    Wait Until Keyword Succeeds    2x    200 ms    Page Should Have Buckets That Add Up    ${metric}

Page Should Have Buckets That Add Up
    [Documentation]    Like `Buckets Should Add Up`, once (6.2).
    [Arguments]    ${metric}
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}    ${metric}_bucket
    Skip If    "le" not in $labels    ${metric} is no histogram here
    Histogram Should Add Up    ${answer}    ${metric}
