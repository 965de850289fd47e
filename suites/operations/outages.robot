*** Settings ***
Documentation    Parts of the target that its own commands take away and give back (`TARGET_STOP_REDIS` and its like).
...              The embedded stack needs none: services of a suite's own show there what an outage does.

Resource         ../../resources/operations.resource
Resource         ../../resources/ledger.resource

Test Teardown    Target Should Be Well Again

Test Tags        operations    slow


*** Test Cases ***
Health Is Red While Redis Is Away And Green When It Is Back
    [Documentation]    6.1 S, 2.8 S.
    [Setup]    Require Part    redis outage
    Health Should Be Red While It Is Away    redis

Health Is Red While PostgreSQL Is Away And Green When It Is Back
    [Documentation]    6.1 S, 2.8 S.
    [Setup]    Require Part    database outage
    Health Should Be Red While It Is Away    database

Health Is Red Until Both PostgreSQL And Redis Are Back
    [Documentation]    6.1 S, 2.8 S: where both are away the first one back is not enough.
    [Setup]    Require Part    redis outage    database outage    metrics    health
    ${before}    Wait Until Keyword Succeeds    60 s    500 ms    All Dependencies Healthy
    Stop Part    redis
    Stop Part    database
    Wait Until Keyword Succeeds    60 s    500 ms    Dependencies Should Be    ${before - 2}
    Health Should Be Red
    Start The Part Stopped Last
    Wait Until Keyword Succeeds    60 s    500 ms    Dependencies Should Be    ${before - 1}
    Health Should Be Red
    Start Stopped Parts
    Wait Until Keyword Succeeds    60 s    500 ms    Health Should Be Green

PostgreSQL And Redis Are Told To Be Healthy While They Are
    [Documentation]    6.2 S: inventory_dependency_health; what dependencies are called no rule says.
    [Tags]    -slow
    [Setup]    Require Part    metrics
    Read Health
    Wait Until Keyword Succeeds    15 s    100 ms    Two Dependencies Should Be Healthy

Metrics Tell That A Part Is Away
    [Documentation]    6.2 S: inventory_dependency_health.
    [Setup]    Require Part    redis outage    metrics
    ${before}    Wait Until Keyword Succeeds    60 s    500 ms    All Dependencies Healthy
    Stop Part    redis
    Wait Until Keyword Succeeds    60 s    500 ms    Dependencies Should Be Fewer Than    ${before}
    Start Stopped Parts
    Wait Until Keyword Succeeds    60 s    500 ms    Dependencies Should Be    ${before}

A Write While PostgreSQL Is Away Is Refused And Leaves Nothing Behind
    [Documentation]    Law 4, law 5, 4.1 S.
    [Setup]    Require Part    database outage
    ${player}    Create Player Who Owns    5 stone
    Read Inventory    ${player}
    Stop Part    database
    Add Items    ${player}    7 stone    expect=5xx
    Reserve    ${player}    2 stone    expect=5xx
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    100 ms    Inventory Should Be    ${player}    5 stone
    Ledger Laws Should Hold    ${player}

What Is Unknown Is Bad Input Again Once PostgreSQL Is Back
    [Documentation]    4.1 S: that it could not be looked up then is no answer for ever.
    [Setup]    Require Part    database outage
    ${player}    Create Player Who Owns    1 stone
    VAR    @{unknown}    items.0.item_id    "00000000-0000-4000-8000-000000000001"
    Stop Part    database
    Add Items    ${player}    1 stone    but=${unknown}    expect=400|5xx
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    100 ms    Add Items    ${player}    1 stone    but=${unknown}    expect=400
    Add Items    ${player}    1 stone

Calls That Are Under Way When PostgreSQL Goes Away End No Service
    [Documentation]    Law 4, law 5, 6.1 S: they wait for a row to be written, and are written or not.
    [Setup]    Require Part    database outage    database    disposable data
    ${player}    Create Player Who Owns    50 stone
    ${reserves}    Prepare    6    Reserve    ${player}    1 stone
    Send Together Before Any Row Is Written    ${reserves}    meanwhile=Take The Database Away
    ...    fail_on_5xx=False
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    100 ms    Read Inventory    ${player}
    Wait Until Keyword Succeeds    30 s    100 ms    Health Should Be Green
    Ledger Laws Should Hold    ${player}

Redis May Be Away For Longer Than A Moment
    [Documentation]    6.1 S, 2.8 S: whoever tries to reach it again goes on to.
    [Setup]    Require Part    redis outage
    ${player}    Create Player Who Owns    5 stone
    Stop Part    redis
    Let It Last    8    ${player}
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    100 ms    Health Should Be Green
    Wait Until Keyword Succeeds    30 s    100 ms    Log In Again    ${player}

A Good Token Stays Good While The Auth Service Is Away Whatever Others Show
    [Documentation]    2.10 S, 4.3 S: a token that nobody knows takes no key away.
    [Setup]    Require Part    auth outage
    ${player}    Create Player Who Owns    5 stone
    Inventory Should Be    ${player}    5 stone
    Stop Part    auth
    ${answer}    Read Inventory    ${player}    expect=any
    Skip If    $answer.status != 200    without its auth service the target lets nobody in, as it may (3.9)
    ${forged}    Forge Token    ${player}    signed_by=stranger
    Read Inventory    ${forged}    expect=401|5xx
    Inventory Should Be    ${player}    5 stone

A Revoked Token Is Not Let In While Redis Is Away
    [Documentation]    3.5 S: whatever is answered then, it is not what the player may see.
    [Setup]    Require Part    redis outage
    ${ended}    Log In
    Read Inventory    ${ended}
    Log In Again    ${ended}
    Read Inventory    ${ended}    expect=401 token_revoked
    Stop Part    redis
    Many Calls Should Not Let In    ${ended}
    Start Stopped Parts
    Revocation Should Be Kept    ${ended}
    Token Should Be Told To Be Revoked Within    30 s    ${ended}

Many Calls At Once While Redis Is Away Are Each Answered
    [Documentation]    3.5 S, law 5: they do not block one another until all give up.
    [Setup]    Require Part    redis outage
    ${player}    Create Player Who Owns    5 stone
    Stop Part    redis
    Read Inventory    ${player}    expect=200|401|5xx
    ${reads}    Prepare    20    Read Inventory    ${player}
    ${answers}    Send Together    ${reads}    fail_on_5xx=False
    Each Answer Should Be    ${answers}    200|401|5xx

What Was Written While Redis Was Away Is Seen When It Is Back
    [Documentation]    Law 6, law 5, 5.3 S: cached before, changed while the cache could not be told.
    [Setup]    Require Part    redis outage
    ${player}    Create Player Who Owns    5 stone
    Read All Sections    ${player}
    Stop Part    redis
    # A target may refuse it, for it cannot look at tokens; then there is nothing to see.
    Add Items    ${player}    2 stone    expect=any
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    100 ms    Read Inventory    ${player}
    Ledger Laws Should Hold    ${player}

No Token That Was Revoked Gets In While Redis Is Away
    [Documentation]    3.8 H.
    [Tags]    hardening
    [Setup]    Require Part    redis outage
    ${player}    Log In
    Read Inventory    ${player}
    Log In Again    ${player}
    Read Inventory    ${player}    expect=401 token_revoked
    Stop Part    redis
    Read Inventory    ${player}    expect=503 token_check_unavailable

A Token Outlives A Restart Of The Auth Service
    [Documentation]    2.10 S, 2.6 S: it is good for its 24 h, and so is who logs in afterwards.
    [Setup]    Require Part    auth outage
    ${player}    Log In
    Read Inventory    ${player}
    Stop Part    auth
    Start Stopped Parts
    ${other}    Wait Until Keyword Succeeds    30 s    200 ms    Log In
    Wait Until Keyword Succeeds    30 s    200 ms    Read Inventory    ${other}
    Read Inventory    ${player}
    Log In Again    ${player}
    Read Inventory    ${player}    expect=401 token_revoked

A Login While Redis Is Away Is Refused Or Leaves No Earlier Token Good
    [Documentation]    2.11 S, 3.5 S, 2.1 S, 2.2 S: what cannot be noted is no login; whose it was can log in later.
    [Setup]    Require Part    redis outage
    ${player}    Log In
    Read Inventory    ${player}
    Stop Part    redis
    Log In Again    ${player}    expect=200|5xx
    ${answer}    Last Answer
    Start Stopped Parts
    IF    $answer.status == 200
        Wait Until Keyword Succeeds    30 s    200 ms    New Player Should Be Served
        Read Inventory    ${player}    expect=401
    END
    ${again}    Wait Until Keyword Succeeds    30 s    200 ms    Log In Again    ${player}
    Wait Until Keyword Succeeds    30 s    200 ms    Read Inventory    ${again}

An Instance Is Well While The Auth Service Is Away
    [Documentation]    6.1 S: PostgreSQL and Redis answer.
    [Setup]    Require Part    auth outage    health
    Stop Part    auth
    Read Health
    Probe Should Be    /ready    200
    Probe Should Be    /live    200

What Failed While PostgreSQL Was Away Is Counted And In Flight No More
    [Documentation]    6.2 S: under its status.
    [Setup]    Require Part    database outage    metrics
    ${player}    Create Player Who Owns    5 stone
    ${before}    Requests That Failed
    Stop Part    database
    Repeat Keyword    5 times    Add Items    ${player}    1 stone    expect=5xx
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    200 ms    Inventory Should Be    ${player}    5 stone
    ${after}    Requests That Failed
    Should Be True    ${after} - ${before} >= 5    Of five failures ${{ $after - $before }} are counted (6.2)
    Wait Until Keyword Succeeds    10 s    200 ms    Little Should Be In Flight

What Fails While PostgreSQL Is Away Is Told In The Form Of Any Refusal
    [Documentation]    4.2 S: an error and a message, in JSON, whichever call it is.
    [Setup]    Require Part    database outage
    ${player}    Create Player Who Owns    1 stone
    Stop Part    database
    FOR    ${call}    IN    reserve    return-reserve    consume-reserve    reservation
        Send Good Call    ${call}    ${SERVICE}    expect=5xx
        Last Answer Should Be A Refusal
    END
    Add Items    ${player}    1 stone    expect=5xx
    Last Answer Should Be A Refusal

A Call That Fails Without PostgreSQL Leaves A Line Too
    [Documentation]    6.4 S: whatever it is that ends a call, its line is written.
    [Setup]    Require Part    database outage    logs
    ${player}    Create Player Who Owns    1 stone
    ${text}    What Lines Tell Of    ${player}
    Stop Part    database
    ${before}    Last Structured Lines    ${text}
    Read Inventory    ${player}    expect=200|5xx
    Wait Until Keyword Succeeds    10 s    200 ms    New Structured Line Should Be There    ${before}    ${text}

A Revocation Outlives A Restart Of The Auth Service And An Instance
    [Documentation]    2.11 S, 3.5 S: it stands in Redis, and in no process.
    [Setup]    Require Part    auth outage    instance outage
    ${ended}    Log In
    ${instances}    Target Setting    instances
    ${again}    Log In Again    ${ended}
    Read Inventory    ${ended}    at=${instances}[-1]    expect=401 token_revoked
    Restart The Auth Service And The Instance
    Wait Until Keyword Succeeds    30 s    200 ms    Read Inventory    ${again}    at=${instances}[-1]
    Read Inventory    ${ended}    at=${instances}[-1]    expect=401 token_revoked

An Instance Tells When It Was Started Itself
    [Documentation]    6.2 S: inventory_service_start_time_seconds is of this process, not of the first one or a build.
    [Setup]    Require Part    instance outage    metrics
    ${instances}    Target Setting    instances
    ${player}    Create Player
    ${before}    Metric Value    service_start_time_seconds    ${instances}[-1]
    Stop Part    instance
    ${answer}    Read Inventory    ${player}    at=${instances}[-1]    expect=any
    Start Stopped Parts
    Skip If    "refused" not in $answer.outcome    The instance may have been held up, not ended: ${answer.outcome}
    ${after}    Wait Until Keyword Succeeds    30 s    200 ms
    ...    Metric Value    service_start_time_seconds    ${instances}[-1]
    Should Be True    ${after} > ${before}    It was started anew and says ${after}, as before: ${before} (6.2)

What One Instance Acknowledged Is Seen At Another When It Is Gone
    [Documentation]    Law 5, law 6.
    [Setup]    Require Part    instance outage    second instance
    ${instances}    Target Setting    instances
    ${player}    Create Player Who Owns    5 stone
    Read Inventory    ${player}
    Add Items    ${player}    2 stone    at=${instances}[-1]
    Stop Part    instance
    Inventory Should Be    ${player}    7 stone
    Ledger Laws Should Hold    ${player}


*** Keywords ***
Restart The Auth Service And The Instance
    [Documentation]    Take both away, and give the auth-service back first: no rule says that an instance starts
    ...    without it (6.7).
    Stop Part    instance
    Stop Part    auth
    Start The Part Stopped Last
    Wait Until Keyword Succeeds    180 s    500 ms    Log In
    Start Stopped Parts

Two Dependencies Should Be Healthy
    [Documentation]    Fails unless two dependencies at least are told to be healthy (6.2).
    ${healthy}    Metric Value    dependency_health
    Should Be True
    ...    ${healthy} >= 2
    ...    PostgreSQL and Redis answer, and dependency_health says ${healthy} in all (6.2)

Take The Database Away
    [Documentation]    Take PostgreSQL away while calls wait for it (6.1).
    Stop Part    database

Requests That Failed
    [Documentation]    How many requests the metrics count under a status that begins with 5 (6.2).
    ${answer}    Read Metrics
    ${labels}    Labels Of    ${answer}    http_requests_total
    VAR    ${count}    ${0}
    FOR    ${status}    IN    @{{ [status for status in $labels.get("status", []) if status.startswith("5")] }}
        ${more}    Sum Of Samples    ${answer}    http_requests_total    status=${status}
        VAR    ${count}    ${{ $count + $more }}
    END
    RETURN    ${count}

Little Should Be In Flight
    [Documentation]    Fails while more is in flight than whoever asks, and perhaps one probe besides (6.2).
    ${now}    Metric Value    http_requests_in_flight
    Should Be True    ${now} <= 2    ${now} requests are in flight after all were answered (6.2)

Health Should Be Green
    [Documentation]    Fails unless both services say that all is well (6.1, 2.8).
    Read Health
    Read Auth Health

Revocation Should Be Kept
    [Documentation]    Skips the test unless Redis still knows that a player's token was revoked: what holds when Redis
    ...    has lost its data is hardening (3.5, 3.8).
    [Arguments]    ${player}
    ${redis}    Target Setting    redis_host
    # Whoever comes next finds a target that is well again, also after a skip.
    Wait Until Keyword Succeeds    30 s    200 ms    New Player Should Be Served
    Skip If    not $redis    whether Redis has kept the revocation is not known here
    ${kept}    Ask Redis    EXISTS    revoked:${player.token.claims}[jti]
    Skip If    not $kept    Redis keeps nothing here when it stops: what was revoked is lost

Health Should Be Red
    [Documentation]    Fails unless both services say that not all is well, and live (6.1, 2.8).
    ${auth}    Target Setting    auth_internal_url
    Read Health    expect=503
    Probe Should Be    /ready    503
    Probe Should Be    /live    200
    IF    $auth    Read Auth Health    expect=503

Health Should Be Red While It Is Away
    [Documentation]    Fails unless both services' health is 503 while a part is away, and 200 afterwards.
    [Arguments]    ${part}
    ${auth}    Target Setting    auth_internal_url
    Read Health
    Stop Part    ${part}
    Wait Until Keyword Succeeds    30 s    100 ms    Read Health    expect=503
    Wait Until Keyword Succeeds    30 s    100 ms    Probe Should Be    /ready    503
    Probe Should Be    /live    200
    IF    $auth
        Wait Until Keyword Succeeds    30 s    100 ms    Read Auth Health    expect=503
    END
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    100 ms    Read Health
    Wait Until Keyword Succeeds    30 s    100 ms    Probe Should Be    /ready    200
    IF    $auth
        Wait Until Keyword Succeeds    30 s    100 ms    Read Auth Health
    END

All Dependencies Healthy
    [Documentation]    How many dependencies the metrics name; fails while they do not call each of them healthy (6.2).
    ${answer}    Read Metrics
    ${labels}    Labels Of    ${answer}    dependency_health
    VAR    ${count}    ${{ len($labels["dependency"]) }}
    Dependencies Should Be    ${count}
    RETURN    ${count}

Ask For Health
    [Documentation]    Asks the first instance how it is, which some look into only then; nothing where it is not told
    ...    (6.1).
    ${instances}    Target Setting    instances
    IF    $instances[0].health    Read Health    expect=any

Dependencies Should Be Fewer Than
    [Documentation]    Fails while the metrics call as many dependencies healthy as before (6.2).
    [Arguments]    ${before}
    Ask For Health
    ${now}    Metric Value    dependency_health
    Should Be True    ${now} < ${before}    dependency_health says ${now} with a part away, and ${before} without (6.2)

Dependencies Should Be
    [Documentation]    Fails unless the metrics call as many dependencies healthy as before (6.2).
    [Arguments]    ${before}
    Ask For Health
    ${now}    Metric Value    dependency_health
    Should Be Equal As Numbers    ${now}    ${before}    dependency_health says ${now}, and ${before} before (6.2)
