*** Settings ***
Documentation     What can only be seen at services that nobody else uses: keys are rotated, Redis, PostgreSQL and the
...               auth service are taken away, and metrics are counted exactly (contract 2.1, 2.8, 2.9, 3.8, 3.9, 6.1,
...               6.2; laws 5 and 6). They are started here, once for all these tests, because that takes a second.

Resource          ../../resources/outages.resource
Resource          ../../resources/histories.resource

Suite Setup       Run Keywords    Start Services For This Suite
...                   AND    Log In At Own Instance
Suite Teardown    Stop Services Of Its Own

Test Tags         operations


*** Test Cases ***
Each Request Is Counted Once, On Every Listener
    [Documentation]    6.2 S: by method, endpoint and status; in the histogram of durations too.
    ${reads}    Metric Value    http_requests_total    ${INSTANCE}    method=GET    status=200    endpoint=${PATH}
    ${bad}    Metric Value    http_requests_total    ${INSTANCE}    method=POST    status=400
    ${missing}    Metric Value    http_requests_total    ${INSTANCE}    method=GET    status=404
    Repeat Keyword    3 times    Read Inventory    ${OWNER}    at=${INSTANCE}
    Repeat Keyword    2 times    Reserve    ${OWNER}    99 stone    by=${OWN SERVICE}    at=${INSTANCE}
    ...    expect=400 insufficient_items
    ${unknown}    New Id
    Read Reservation    ${unknown}    by=${OWN SERVICE}    at=${INSTANCE}    expect=404
    Metric Should Have Grown By Exactly    http_requests_total    ${reads}    3    ${INSTANCE}
    ...    method=GET    status=200    endpoint=${PATH}
    Metric Should Have Grown By Exactly
    ...    http_requests_total
    ...    ${bad}
    ...    2
    ...    ${INSTANCE}
    ...    method=POST
    ...    status=400
    Metric Should Have Grown By Exactly    http_requests_total    ${missing}    1    ${INSTANCE}
    ...    method=GET    status=404

Durations Are In Seconds
    [Documentation]    6.2 S: of requests, of queries and of commands; the sum of ten is less than they took in all.
    [Template]    Durations Should Be Seconds
    # metric
    http_request_duration_seconds
    database_query_duration_seconds
    redis_command_duration_seconds
    balance_calculation_duration_seconds

Gauges Come Back Down
    [Documentation]    6.2 S: after many requests at once nothing is in flight but the question itself.
    ${reads}    Prepare    20    Read Inventory    ${OWNER}    at=${INSTANCE}
    ${strangers}    Prepare    10    Read Inventory    ${NONE}    at=${INSTANCE}
    ${refused}    Prepare    10    Reserve    ${OWNER}    99 stone    by=${OWN SERVICE}    at=${INSTANCE}
    ${answers}    Send Together    ${reads}    ${strangers}    ${refused}
    Answers Should Be    ${answers}    200=20    missing_token=10    insufficient_items=10
    ${in_flight}    Metric Value    http_requests_in_flight    ${INSTANCE}
    Should Be True    0 <= ${in_flight} <= 1    ${in_flight} requests are in flight after all were answered (6.2)

Paths That Do Not Exist Make No Series
    [Documentation]    6.2 S: endpoint is the route's pattern, never a raw path.
    Send    GET    /first-unknown    by=${OWNER}    at=${INSTANCE}    expect=404
    ${before}    Values Of Label At    endpoint
    FOR    ${number}    IN RANGE    12
        Send    GET    /unknown-${number}/of/many    by=${OWNER}    at=${INSTANCE}    expect=404
        Read Reservation    ${number}-${number}    by=${OWN SERVICE}    at=${INSTANCE}    expect=4xx
    END
    ${after}    Values Of Label At    endpoint
    Should Be True    len($after) <= len($before) + 1    Unknown paths made series: ${after} (6.2)

A Written Operation Is Counted By Type, Section And Status
    [Documentation]    6.2 S: inventory_operations_total.
    [Template]    Operation Should Be Counted
    # operation type    section
    chest_reward    main
    system_reward    trade

What A Dependency Does Is Counted
    [Documentation]    6.2 S: queries and commands, and their failures by their status.
    ${queries}    Metric Value    database_queries_total    ${INSTANCE}
    ${commands}    Metric Value    redis_commands_total    ${INSTANCE}
    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    ${more_queries}    Metric Value    database_queries_total    ${INSTANCE}
    ${more_commands}    Metric Value    redis_commands_total    ${INSTANCE}
    Should Be True    ${more_queries} > ${queries}    A write made no query that was counted (6.2)
    Should Be True    ${more_commands} > ${commands}    A token was checked without a command that was counted (6.2)

A Dependency's Health Falls While It Is Away And Rises Again
    [Documentation]    6.2 S: inventory_dependency_health.
    ${dependencies}    Values Of Label At    dependency
    VAR    ${all}    ${{ len($dependencies) }}
    Wait Until Keyword Succeeds    15 s    100 ms    Dependencies Healthy Should Be    ${all}
    Cut Off    redis
    Wait Until Keyword Succeeds    15 s    100 ms    Dependencies Healthy Should Be    ${{ $all - 1 }}
    Give Back    redis
    Wait Until Keyword Succeeds    15 s    100 ms    Dependencies Healthy Should Be    ${all}
    [Teardown]    Give Back    redis

The Hit Ratio Is One And The Collector Of The Process Is There
    [Documentation]    6.2 S: a ratio is between 0 and 1; process_* are the process collector's own.
    Read Inventory    ${OWNER}    at=${INSTANCE}
    ${answer}    Read Metrics    at=${INSTANCE}
    ${ratio}    Sum Of Samples    ${answer}    cache_hit_ratio    cache_type=balances
    Should Be True    0 <= ${ratio} <= 1    The hit ratio is ${ratio} (6.2)
    Should Contain    ${answer.text}    process_resident_memory_bytes    values=False
    Should Contain    ${answer.text}    process_cpu_seconds_total    values=False

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

A Rotated-in Key Is Accepted Without A Restart And The Old One Still Is
    [Documentation]    2.5 H, 3.9 H.
    [Tags]    hardening
    GROUP    Somebody is logged in with the current key
        ${player}    Log In At Own Auth
        ${administrator}    Create Administrator At Own Auth
        Token Should Become Accepted    ${player}    ${INSTANCE}
    END
    GROUP    The key is rotated
        ${auth}    Address Of Own Auth
        Rotate Keys    ${administrator}    ${auth}
        ${after}    Log In At Own Auth
    END
    GROUP    Both keys are good
        Token Should Become Accepted    ${after}    ${INSTANCE}
        Read Inventory    ${player}    at=${INSTANCE}
        ${keys}    Published Keys    ${auth}
        Verified Claims    ${player}    ${keys}
    END

A Flood Of Unknown Keys Does Not Become A Flood Of Calls To The Auth Service
    [Documentation]    3.9 H.
    [Tags]    hardening
    ${player}    Log In At Own Auth
    Unknown Keys Should Not Flood The Auth Service    ${player}    ${INSTANCE}    40
    Token Should Become Accepted    ${player}    ${INSTANCE}

Without Redis Nobody Is Let In Whose Token Cannot Be Checked
    [Documentation]    3.8 H.
    [Tags]    hardening
    ${player}    Log In At Own Auth
    ${service}    Service Token Of Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Cut Off    redis
    Read Inventory    ${player}    at=${INSTANCE}    expect=503 token_check_unavailable
    Add Items    ${player}    5 stone    by=${service}    at=${INSTANCE}    expect=503 token_check_unavailable
    Reserve    ${player}    1 stone    by=${service}    at=${INSTANCE}    expect=503 token_check_unavailable
    Ledger Should Have Rows    ${player}    0
    [Teardown]    Give Back    redis

Without Redis A Bad Token Is Still Told What Is Wrong With It
    [Documentation]    3.1 S, 3.3 S, 3.8 H: the order of the checks does not depend on Redis.
    [Tags]    hardening
    ${player}    Log In At Own Auth
    ${forged}    Forge Token    ${player}    sub=(new)
    Cut Off    redis
    Read Inventory    ${forged}    at=${INSTANCE}    expect=401 invalid_token_signature
    Read Inventory    ${NONE}    at=${INSTANCE}    expect=401 missing_token
    [Teardown]    Give Back    redis

Without Redis Health Says So And Liveness Holds
    [Documentation]    6.1 H.
    [Tags]    hardening
    [Setup]    Cut Off    redis
    Health Should Blame    redis    at=${INSTANCE}
    Health Should Blame    redis    /ready    at=${INSTANCE}
    Health Should Be    /live    200    at=${INSTANCE}
    [Teardown]    Give Back    redis

When Redis Is Back Players Are Let In Again Without A Restart
    [Documentation]    3.8 H, 6.1 S: what is refused for want of Redis is not refused for longer.
    [Tags]    hardening
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Cut Off    redis
    Read Inventory    ${player}    at=${INSTANCE}    expect=503 token_check_unavailable
    Give Back    redis
    Read Inventory    ${player}    at=${INSTANCE}
    Health Should Be    /ready    200    at=${INSTANCE}
    [Teardown]    Give Back    redis

However Long Reads Take, What Is Written Elsewhere Meanwhile Has A Serial History
    [Documentation]    Law 6, law 7: reads at an instance with a slow way to the database begin while earlier ones last.
    ${seed}    Seed Of This Test
    ${player}    Log In At Own Auth
    Write History    ${player}    3 days ago: 5 stone
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${additions}    Prepare    40    Add Items    ${player}    1 stone
    ${reads}    Prepare    120    Read Inventory    ${player}    at=${INSTANCE}
    Slow Down    database    25
    Send A Mix    ${seed}    8    ${additions}    ${reads}
    History Should Be Serial    ${player}
    [Teardown]    Give Back    database

A Revoked Token Is Not Let In While Redis Is Away
    [Documentation]    3.5 S: whatever is answered then, it is not what the player may see.
    ${ended}    Log In At Own Auth
    ${player}    Log In At Own Auth    ${ended}
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Read Inventory    ${ended}    at=${INSTANCE}    expect=401 token_revoked
    Cut Off    redis
    Read Inventory    ${ended}    at=${INSTANCE}    expect=401|5xx
    Give Back    redis
    Read Inventory    ${ended}    at=${INSTANCE}    expect=401 token_revoked
    [Teardown]    Give Back    redis

A Write While Redis Is Away Is In The Next Read Or Was Refused
    [Documentation]    Law 5, law 6: a balance that was cached before is not served once Redis is back.
    ${service}    Service Token Of Own Auth
    ${player}    Log In At Own Auth
    Write History    ${player}    3 days ago: 10 stone
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Inventory Should Be    ${player}    10 stone    at=${INSTANCE}
    Cut Off    redis
    Add Items    ${player}    5 stone    by=${service}    at=${INSTANCE}    expect=200|5xx
    ${answer}    Last Answer
    Give Back    redis
    Inventory Should Be    ${player}    ${{ 15 if $answer.status == 200 else 10 }} stone    at=${INSTANCE}
    [Teardown]    Run Keywords    Give Back    redis
    ...    AND    Ledger Laws Should Hold For This Test

Many Calls At Once While Redis Is Away Are Each Answered
    [Documentation]    3.5 S, law 5: they do not block one another until all give up. Redis hangs, and does not answer.
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Let Hang    redis
    ${one}    Read Inventory    ${player}    at=${INSTANCE}    expect=200|5xx
    ${reads}    Prepare    20    Read Inventory    ${player}    at=${INSTANCE}
    ${answers}    Send Together    ${reads}    fail_on_5xx=False
    Each Answer Should Be    ${answers}    200|5xx
    Slowest Should Be Quicker Than    ${answers}    ${{ 5 * $one.milliseconds + 1000 }}
    Give Back    redis
    Read Inventory    ${player}    at=${INSTANCE}
    [Teardown]    Give Back    redis

Health Is Red While Redis Or PostgreSQL Is Away And Green Again Afterwards
    [Documentation]    6.1 S, 2.8 S: /health and /health/ready 503, /health/live 200, of both services.
    [Template]    Health Should Be Red Without
    # part
    redis
    database

An Outage Is Told Without Its Details
    [Documentation]    6.1 H, 4.2 H: no address, no user, no trace, whatever is away.
    [Tags]    hardening
    [Template]    Outage Should Be Told Without Details
    # part
    redis
    database

A Write While PostgreSQL Is Away Is Refused And Leaves Nothing Behind
    [Documentation]    Law 4, law 5, 4.1 S.
    ${service}    Service Token Of Own Auth
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Add Items    ${player}    5 stone    by=${service}    at=${INSTANCE}
    Cut Off    database
    Add Items    ${player}    7 stone    by=${service}    at=${INSTANCE}    expect=5xx
    Reserve    ${player}    2 stone    by=${service}    at=${INSTANCE}    expect=5xx
    Read Inventory    ${player}    at=${INSTANCE}    expect=5xx
    Give Back    database
    Wait Until Keyword Succeeds    10 s    50 ms    Inventory Should Be    ${player}    5 stone    at=${INSTANCE}
    [Teardown]    Run Keywords    Give Back    database
    ...    AND    Ledger Laws Should Hold For This Test

Logins Are Limited And The Refusal Says How Long To Wait
    [Documentation]    2.9 S: 429 rate_limit_exceeded with Retry-After. Other logins of this address count too.
    ${strict}    Address Of Strict Auth
    FOR    ${_}    IN RANGE    3
        Log In    to=${strict}    way=telegram    expect=200|429
    END
    Log In    to=${strict}    way=telegram    expect=429 rate_limit_exceeded
    ${answer}    Last Answer
    Should Match Regexp    ${answer.headers.get("retry-after", "")}    ^[1-9][0-9]?$    Retry-After is no wait (2.9)

The Limit Of Logins Ends With The Minute
    [Documentation]    2.9 S: so many a minute, and no longer. Redis is told that the minute is over.
    ${strict}    Address Of Strict Auth
    FOR    ${_}    IN RANGE    4
        Log In    to=${strict}    way=telegram    expect=200|429
    END
    Wait Until Keyword Succeeds    5 s    50 ms    Login Should Be Let In After A Minute    ${strict}

A Key That Was Rotated Out Is Published Until Its Tokens Have Ended And No Longer
    [Documentation]    2.5 H: its keys are made older; the old one was in use for most of a day.
    [Tags]    hardening
    ${strict}    Address Of Strict Auth
    ${administrator}    Create Administrator At Strict Auth
    GROUP    A key of 20 hours is rotated out, 5 hours ago
        Let Keys Of Strict Auth Grow Old    20
        Rotate Keys    ${administrator}    ${strict}
        Let Keys Of Strict Auth Grow Old    5
    END
    ${keys}    Published Keys    ${strict}
    Verified Claims    ${administrator}    ${keys}
    Let Keys Of Strict Auth Grow Old    20
    ${keys}    Published Keys    ${strict}
    Run Keyword And Expect Error    *    Verified Claims    ${administrator}    ${keys}

The Development Login Is Off Unless It Was Asked For
    [Documentation]    2.1 S: 404.
    ${strict}    Address Of Strict Auth
    Log In    to=${strict}    way=dev    expect=404

With The Auth Service Away Known Keys Still Work And Unknown Ones Are Refused
    [Documentation]    3.3 H, 3.9 H: public keys survive a short absence of the auth service.
    [Tags]    hardening
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Stop Own Auth
    Read Inventory    ${player}    at=${INSTANCE}
    ${forged}    Forge Token    ${player}    signed_by=stranger    kid=(new)
    Read Inventory    ${forged}    at=${INSTANCE}    expect=401 invalid_token_signature
    Read Inventory    ${player}    at=${INSTANCE}


*** Keywords ***
Outage Should Be Told Without Details
    [Documentation]    Fails unless a read and a health answer while a part is away tell no secret.
    [Arguments]    ${part}
    Cut Off    ${part}
    ${answer}    Read Inventory    ${OWNER}    at=${INSTANCE}    expect=5xx
    Answer Should Tell No Secrets    ${answer}
    ${answer}    Read Health    at=${INSTANCE}    expect=503
    Answer Should Tell No Secrets    ${answer}
    [Teardown]    Give Back    ${part}

Durations Should Be Seconds
    [Documentation]    Fails unless ten reads are counted, and took in sum no longer than they did for us.
    [Arguments]    ${name}
    ${sum}    Metric Value    ${name}_sum    ${INSTANCE}
    ${count}    Metric Value    ${name}_count    ${INSTANCE}
    VAR    ${started}    ${{ time.monotonic() }}
    ${reads}    Prepare    10    Read Inventory    ${OWNER}    at=${INSTANCE}
    Median Milliseconds    ${reads}
    VAR    ${passed}    ${{ time.monotonic() - $started }}
    ${more}    Metric Value    ${name}_count    ${INSTANCE}
    ${longer}    Metric Value    ${name}_sum    ${INSTANCE}
    Should Be True    ${more} >= ${count} + 10    Ten reads made ${name} count ${{ $more - $count }} (6.2)
    # What the services do by themselves meanwhile is counted too; milliseconds would be a thousand times as much.
    Should Be True
    ...    0 < ${longer} - ${sum} < 3 * ${passed} + 1
    ...    Ten reads took ${passed} s, ${name} says ${{ $longer - $sum }}

Values Of Label At
    [Documentation]    The values that a label has at the suite's own instance.
    [Arguments]    ${label}
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}
    RETURN    ${labels}[${label}]

Operation Should Be Counted
    [Documentation]    Fails unless an addition is counted once, where it was made.
    [Arguments]    ${type}    ${section}
    ${before}    Metric Value    operations_total    ${INSTANCE}    operation_type=${type}    section=${section}
    Add Items
    ...    ${OWNER}
    ...    1 stone
    ...    operation_type=${type}
    ...    section=${section}
    ...    by=${OWN SERVICE}
    ...    at=${INSTANCE}
    Metric Should Have Grown By Exactly    operations_total    ${before}    1    ${INSTANCE}    operation_type=${type}
    ...    section=${section}

Metric Should Have Labels
    [Documentation]    Fails unless a metric's samples have these labels.
    [Arguments]    ${name}    @{labels}
    ${answer}    Read Metrics    at=${INSTANCE}
    ${found}    Labels Of    ${answer}    ${name}
    Should Be True    set($labels) <= set($found)    ${name} has the labels ${found}, promised are ${labels} (6.2)

Health Should Be Red Without
    [Documentation]    Fails unless both services' health is 503 while a part is away, and 200 afterwards.
    [Arguments]    ${part}
    ${auth}    Address Of Own Auth
    Cut Off    ${part}
    Read Health    at=${INSTANCE}    expect=503
    Read Health    /ready    at=${INSTANCE}    expect=503
    Read Health    /live    at=${INSTANCE}
    Read Auth Health    ${auth}    expect=503
    Give Back    ${part}
    Wait Until Keyword Succeeds    10 s    50 ms    Read Health    at=${INSTANCE}
    Wait Until Keyword Succeeds    10 s    50 ms    Read Health    /ready    at=${INSTANCE}
    Wait Until Keyword Succeeds    10 s    50 ms    Read Auth Health    ${auth}
    [Teardown]    Give Back    ${part}
