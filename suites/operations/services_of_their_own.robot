*** Settings ***
Documentation     What can only be seen at services that nobody else uses: keys are rotated, Redis, PostgreSQL and the
...               auth service are taken away (contract 2.1, 2.8, 2.9, 3.8, 3.9, 6.1, 6.2; laws 5 and 6). They are
...               started here, once for all these tests, because that takes a second.

Resource          ../../resources/outages.resource
Resource          ../../resources/logins.resource
Resource          ../../resources/histories.resource

Suite Setup       Run Keywords    Start Services For This Suite
...                   AND    Log In At Own Instance
Suite Teardown    Stop Services Of Its Own

Test Tags         operations


*** Variables ***
# Headers in which proxies of all kinds say from where a request came, beside the standard's own.
@{ORIGINS}    X-Forwarded-For    X-Real-IP    True-Client-IP    X-Client-IP    Client-IP    CF-Connecting-IP
...           Fastly-Client-IP    X-Cluster-Client-IP    X-Original-Forwarded-For    Fly-Client-IP
# Settings of inventory-service: NAME is taken away, NAME=value is bad, NAME:=value is still good.
${MISSING}    DB_HOST DB_PORT DB_NAME DB_USER DB_PASSWORD REDIS_HOST REDIS_PORT AUTH_SERVICE_URL
...           SERVER_PORT=-1 METRICS_PORT=-1 INTERNAL_PORT=-1 MAX_HEADER_BYTES=0 HEADER_SECONDS=0 BODY_SECONDS=0
...           IDLE_SECONDS=0 MAX_CONNECTIONS=0 MAX_CALLS=0 ACTIVE_USERS_SECONDS=0
...           DRAIN_SECONDS=-1 DB_POOL_SIZE=0 DB_TIMEOUT_SECONDS=0
...           DB_HANG_SECONDS=0 DB_MAX_WAITING=-1 DB_WAIT_SECONDS=0 REDIS_TIMEOUT_SECONDS=0 JWKS_MIN_REFRESH_SECONDS=0
...           PLAYER_CALLS=0 JWKS_MAX_AGE_SECONDS=0 HEALTH_WATCH_SECONDS=0 PLAYER_MAX_WAITING=-1 PLAYER_WAIT_SECONDS=0
...           LEDGER_CHECK_SECONDS=0 LOG_LEVEL=chatty DEPLOYMENT_SHAPE=triple INTERNAL_AUTH=maybe ADMIN_AUTH=maybe
...           separator=${SPACE}
${BEYOND}     DB_HOST= DB_NAME= DB_USER= REDIS_HOST= AUTH_SERVICE_URL= DB_PORT=65536 REDIS_PORT=65536
...           SERVER_PORT=65536 METRICS_PORT=65536 INTERNAL_PORT=65536 HEADER_SECONDS=inf BODY_SECONDS=inf
...           IDLE_SECONDS=nan ACTIVE_USERS_SECONDS=inf
...           DRAIN_SECONDS=inf DB_TIMEOUT_SECONDS=nan DB_HANG_SECONDS=inf DB_WAIT_SECONDS=inf
...           REDIS_TIMEOUT_SECONDS=inf JWKS_MIN_REFRESH_SECONDS=inf JWKS_MAX_AGE_SECONDS=inf HEALTH_WATCH_SECONDS=inf
...           PLAYER_WAIT_SECONDS=inf LEDGER_CHECK_SECONDS=inf MAX_CALLS=many MAX_CONNECTIONS=1.5
...           separator=${SPACE}
${LEAST}      DB_PORT=0 REDIS_PORT=0 AUTH_SERVICE_URL=ftp://somewhere SERVER_PORT:=0 METRICS_PORT:=0
...           INTERNAL_PORT:=0 HEADER_SECONDS:=0.1 BODY_SECONDS:=0.1 IDLE_SECONDS:=0.1 MAX_CONNECTIONS:=1 MAX_CALLS:=1
...           DRAIN_SECONDS:=0 DB_POOL_SIZE:=1 DB_TIMEOUT_SECONDS:=0.1 DB_HANG_SECONDS:=0.1 DB_MAX_WAITING:=0
...           DB_WAIT_SECONDS:=0.1 REDIS_TIMEOUT_SECONDS:=0.1 JWKS_MIN_REFRESH_SECONDS:=0.1 JWKS_MAX_AGE_SECONDS:=0.1
...           PLAYER_CALLS:=1 HEALTH_WATCH_SECONDS:=0.1 PLAYER_MAX_WAITING:=0 PLAYER_WAIT_SECONDS:=0.1
...           LEDGER_CHECK_SECONDS:=0.1 LOG_LEVEL:=DEBUG DEPLOYMENT_SHAPE:=split INTERNAL_AUTH:=none ADMIN_AUTH:=none
...           ACTIVE_USERS_SECONDS:=0.1
...           REDIS_PASSWORD:=secret DB_HOST:=h DB_NAME:=n DB_USER:=u REDIS_HOST:=r    separator=${SPACE}


*** Test Cases ***
Only The Health Of What Is Away Falls And It Rises Again
    [Documentation]    6.2 S: inventory_dependency_health.
    [Tags]    long
    [Template]    Only The Health Of A Dependency Should Fall
    # part    how it is taken away
    redis    Cut Off
    redis    Let Hang
    database    Cut Off
    database    Let Hang

A Rotated-in Key Is Accepted Without A Restart And The Old One Still Is
    [Documentation]    2.5 H, 3.9 H.
    [Tags]    hardening    long
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
    # A target that looks for new keys only now and then would refuse everybody in the tests after this one.
    [Teardown]    Run Keywords    Start Services For This Suite    AND    Log In At Own Instance

A Flood Of Unknown Keys Does Not Become A Flood Of Calls To The Auth Service
    [Documentation]    3.9 H.
    [Tags]    hardening    long
    ${player}    Log In At Own Auth
    Unknown Keys Should Not Flood The Auth Service    ${player}    ${INSTANCE}    40
    Token Should Become Accepted    ${player}    ${INSTANCE}

However Long Reads Take, What Is Written Elsewhere Meanwhile Has A Serial History
    [Documentation]    Law 6, law 7: reads at an instance with a slow way to the database begin while earlier ones last.
    [Tags]    long
    ${seed}    Seed Of This Test
    ${player}    Log In At Own Auth
    Write History    ${player}    3 days ago: 5 stone
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${additions}    Prepare    40    Add Items    ${player}    1 stone
    ${reads}    Prepare    120    Read Inventory    ${player}    at=${INSTANCE}
    Slow Down    database    25
    Send A Mix    ${seed}    8    ${additions}    ${reads}
    History Should Be Serial    ${player}
    [Teardown]    Give Back And Wait    database

Health Is Red While Redis Or PostgreSQL Is Away And Green Again Afterwards
    [Documentation]    6.1 S, 2.8 S: /health and /health/ready 503, /health/live 200, of both services.
    [Tags]    long
    [Template]    Health Should Be Red Without
    # part    how it is taken away
    redis    Cut Off
    redis    Let Hang
    database    Cut Off
    database    Let Hang

Health Is Red Until Both PostgreSQL And Redis Are Back
    [Documentation]    6.1 S, 2.8 S: a lost network takes both away and gives them back one by one, and ends nobody.
    [Tags]    long
    [Template]    Health Should Be Red Until The Second Is Back
    # which is back first    and second
    redis    database
    database    redis

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
    [Teardown]    Run Keywords    Give Back And Wait    database
    ...    AND    Ledger Laws Should Hold For This Test

While PostgreSQL Hangs Everybody Is Told So Soon
    [Documentation]    6.5 H, 4.13 H, 6.1 S: it says nothing and closes nothing; whoever comes later waits no more.
    [Tags]    hardening    long
    ${reads}    Prepare    20    Read Inventory    ${OWNER}    at=${INSTANCE}
    ${writes}    Prepare    10    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    Let Hang    database
    All Should Be Told Within    6000    ${reads}    ${writes}
    All Should Be Told Within    1000    ${reads}[:5]    ${writes}[:5]
    Read Health    /ready    at=${INSTANCE}    expect=503
    Give Back    database
    Wait Until Keyword Succeeds    5 s    50 ms    Read Inventory    ${OWNER}    at=${INSTANCE}
    [Teardown]    Give Back And Wait    database

Connections To PostgreSQL That Were Lost Without A Word Hold Nobody Up
    [Documentation]    6.5 H, 4.13 H: new ones are as good as ever.
    [Tags]    hardening    long
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${reads}    Prepare    10    Read Inventory    ${player}    at=${INSTANCE}
    Send Together    ${reads}
    Lose Connections To    database
    ${answers}    Send Together    ${reads}    fail_on_5xx=False
    Each Answer Should Be    ${answers}    200|503
    Slowest Should Be Quicker Than    ${answers}    6000
    Wait Until Keyword Succeeds    5 s    50 ms    Read Inventory    ${player}    at=${INSTANCE}
    # What is still dead is closed, for whoever asks next.
    [Teardown]    Run Keywords    Cut Off    database
    ...    AND    Give Back    database

Logins Are Limited And The Refusal Says How Long To Wait
    [Documentation]    2.9 S: 429 rate_limit_exceeded with Retry-After. Other logins of this address count too.
    ${strict}    Address Of Strict Auth
    Let A Minute Pass
    ${logins}    Prepare    12    Log In    to=${strict}    way=telegram
    ${answers}    Send Together    ${logins}
    Each Answer Should Be    ${answers}    200|429
    Should Be True    1 <= [a.status for a in $answers].count(200) <= 6    Not 3 a minute were let in at once (2.9)
    Log In    to=${strict}    way=telegram    expect=429 rate_limit_exceeded
    ${answer}    Last Answer
    Retry-After Should Be A Wait    ${answer}    2.9

A Limit Of Logins Keeps Nobody From The Public Key
    [Documentation]    2.9 S, 2.6 S: an inventory-service behind the same address needs it.
    ${strict}    Address Of Strict Auth
    Repeat Keyword    4 times    Log In    to=${strict}    way=telegram    expect=200|429
    ${login}    Prepare    1    Log In    to=${strict}    way=telegram
    ${refused}    Send Together    ${login}
    Public Key Should Be Told At Once    ${strict}    200
    Each Answer Should Be    ${refused}    429 rate_limit_exceeded

A Limit Of Logins Keeps Nobody From Logging Out
    [Documentation]    2.4 H, 2.7 H, 2.9 S: it is logins that are limited.
    [Tags]    hardening
    ${strict}    Address Of Strict Auth
    ${player}    Login Should Be Let In After A Minute    ${strict}
    Repeat Keyword    4 times    Log In    to=${strict}    way=telegram    expect=200|429
    ${login}    Prepare    1    Log In    to=${strict}    way=telegram
    ${others}    Prepare    1    Log Out    ${player}    to=${strict}
    ${keys}    Prepare    1    Read Key Set    ${strict}
    ${refused}    Send Together    ${login}
    ${answers}    Send Together    ${others}    ${keys}
    Each Answer Should Be    ${refused}    429 rate_limit_exceeded
    Each Answer Should Be    ${answers}    200

What Anybody Says Of Where They Come From Counts For Nothing
    [Documentation]    2.9 H: no proxy is trusted unless it was named, whatever its address is, nor by another name.
    [Tags]    hardening
    ${strict}    Address Of Strict Auth
    FOR    ${n}    IN RANGE    4
        Log In
        ...    to=${strict}
        ...    way=telegram
        ...    headers=${{ {**dict.fromkeys($ORIGINS, "203.0.113.${n}"), "Forwarded": "for=203.0.113.${n}"} }}
        ...    expect=200|429
    END
    ${answer}    Last Answer
    Should Be Equal    ${answer.outcome}    429 rate_limit_exceeded    A stranger's header counts (2.9)

The Limit Of Logins Ends With The Minute
    [Documentation]    2.9 S: so many a minute, and no longer. Redis is told that the minute is over.
    ${strict}    Address Of Strict Auth
    FOR    ${_}    IN RANGE    4
        Log In    to=${strict}    way=telegram    expect=200|429
    END
    Wait Until Keyword Succeeds    5 s    50 ms    Login Should Be Let In After A Minute    ${strict}

The Minute Begins With The First Login And Who Is Refused Is Told What Is Left Of It
    [Documentation]    2.9 S: who logs in now and then, and never so often in a minute, is always let in. Redis is told
    ...    that the minute is over in 20 s.
    [Setup]    Require Part    redis    disposable data
    ${address}    Address Of Nobody Else
    ${strict}    Address Of Strict Auth
    Log In From    ${address}    ${strict}
    ${key}    Count Of Logins From    ${address}
    Ask Redis    PEXPIRE    ${key}    20000
    Repeat Keyword    2 times    Log In From    ${address}    ${strict}
    Count Should End Within    ${key}    20000
    ${refused}    Log In From    ${address}    ${strict}    expect=429 rate_limit_exceeded
    ${told}    Wait Told By    ${refused}
    Count Should End Within    ${key}    ${{ 1000 * (($told or 0) + 1) }}

A Key That Was Rotated Out Is Published Until Its Tokens Have Ended And No Longer
    [Documentation]    2.5 H: its keys are made older; the old one was in use for most of a day.
    [Tags]    hardening    long
    ${strict}    Address Of Strict Auth
    ${administrator}    Create Administrator At Strict Auth
    GROUP    A key of 20 hours is rotated out, 5 hours ago
        Let Keys Of Strict Auth Grow Old    20
        Repeat Keyword    2 times    Rotate Keys    ${administrator}    ${strict}
        Let Keys Of Strict Auth Grow Old    5
    END
    ${keys}    Published Keys    ${strict}
    Verified Claims    ${administrator}    ${keys}
    Let Keys Of Strict Auth Grow Old    20
    ${keys}    Published Keys    ${strict}
    Run Keyword And Expect Error    *    Verified Claims    ${administrator}    ${keys}

Logins Are Counted By Their Address Whatever They Are Connected By
    [Documentation]    2.9 S: each has a connection of its own.
    ${strict}    Address Of Strict Auth
    Create Administrator At Strict Auth
    ${logins}    Prepare    8    Log In    to=${strict}    way=telegram
    ${answers}    Send Together    ${logins}
    Each Answer Should Be    ${answers}    200|429
    # A new minute may begin meanwhile.
    Should Be True    sum(answer.status == 200 for answer in $answers) <= 6
    ...    Three logins a minute are allowed (2.9): ${answers}

The Development Login Is Off Unless It Was Asked For
    [Documentation]    2.1 S, 2.2 S: 404, also where nobody could log in otherwise. Without a bot nobody has signed.
    [Tags]    long
    ${strict}    Address Of Strict Auth
    Log In    to=${strict}    way=dev    expect=404
    Development Login Should Be Answered    200    AUTH_DEV_LOGIN=true    TELEGRAM_BOT_TOKEN=${NONE}
    Development Login Should Be Answered    404    AUTH_DEV_LOGIN=${NONE}    TELEGRAM_BOT_TOKEN=${NONE}
    ${data}    Init Data    signed_by=nobody
    Send Init Data    ${data}    to=${strict}    expect=4xx|5xx
    [Teardown]    Call Method    ${OWN.strict_auth}    stop

An Instance Is Ready Though The Auth Service Is Away
    [Documentation]    6.1 S: PostgreSQL and Redis answer.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Address Of Own Auth
    ${dependencies}    Values Of Label At    dependency
    Wait Until Keyword Succeeds    15 s    100 ms    Dependencies Healthy Should Be    ${{ len($dependencies) }}
    Stop Own Auth
    # Who does not ask about unknown keys (3.9 H) may not miss it; who does is asked once it is missed.
    TRY
        Wait Until Keyword Succeeds    15 s    100 ms    Auth Service Should Be Missed    ${{ len($dependencies) - 1 }}
    EXCEPT    *dependency_health*    type=GLOB    AS    ${problem}
        Log    ${problem}
    END
    Health Should Be    at=${INSTANCE}
    Probe Should Be    /ready    200    at=${INSTANCE}

Any Character May Stand In The Password Of The Database
    [Documentation]    6.7 S: also what an address would have to escape.
    ${role}    Create Database User
    ${instance}    Start An Instance    DB_USER=${role}
    Health Should Be    at=${instance}

A Setting That Is Missing Or Bad Stops The Start And Is Named
    [Documentation]    6.7 H: exit code 2 and one line.
    [Tags]    hardening    long
    Starts Should Be Refused    inventory    ${MISSING}    ${BEYOND}    ${LEAST}

A Setting Of The Auth Service That Is Missing Or Bad Stops The Start And Is Named
    [Documentation]    6.7 H.
    [Tags]    hardening
    Starts Should Be Refused
    ...    auth
    ...    AUTH_KEYS_DIR AUTH_LOGIN_LIMIT_PER_MINUTE=0 TOKEN_LIFETIME_HOURS=0 AUTH_DEV_LOGIN=1
    ...    AUTH_KEYS_DIR= AUTH_TRUSTED_PROXIES=nowhere TOKEN_LIFETIME_HOURS=inf AUTH_SERVICE_CREDENTIALS={"market":""}


*** Keywords ***
Starts Should Be Refused
    [Documentation]    Fails unless a service with each of these settings ends with exit code 2 and one line that names
    ...    what is missing or bad and nothing that is good (6.7). All are started at once.
    [Arguments]    ${service}    @{cases}
    VAR    @{settings}    @{{ [[word.replace(":=", "=").partition("=") for word in c.split()] for c in $cases] }}
    VAR    @{settings}    @{{ [{name: value if sign else None for name, sign, value in c} for c in $settings] }}
    ${starts}    Call Method    ${OWN}    refused_starts    ${service}    ${settings}
    FOR    ${case}    ${start}    IN ZIP    ${cases}    ${starts}
        VAR    @{wrong}    @{{ [word.split("=")[0] for word in $case.split() if ":=" not in word] }}
        ${words}    Evaluate    re.findall(r"[A-Z]+_[A-Z_]+", $start[1])
        Should Be Equal    ${start}[0]    ${2}    With ${case} it ends with another exit code (6.7)
        Length Should Be    ${start[1].splitlines()}    1    With ${case} it says more than one line: ${start}[1] (6.7)
        Should Be Equal    ${{ sorted($words) }}    ${{ sorted($wrong) }}
        ...    With ${case} it names other settings (6.7)
    END

Outage Should Be Told Without Details
    [Documentation]    Fails unless a read and a health answer while a part is away tell no secret.
    [Arguments]    ${part}
    Cut Off    ${part}
    ${answer}    Read Inventory    ${OWNER}    at=${INSTANCE}    expect=5xx
    Answer Should Tell No Secrets    ${answer}
    ${answer}    Read Health    at=${INSTANCE}    expect=503
    Answer Should Tell No Secrets    ${answer}
    [Teardown]    Give Back And Wait    ${part}

All Should Be Told Within
    [Documentation]    Fails unless each of these calls, sent at once, gets a 503 of 4.13 in so many milliseconds.
    [Arguments]    ${bound}    @{calls}
    ${answers}    Send Together    @{calls}    fail_on_5xx=False
    Each Answer Should Be    ${answers}    503 database_unavailable|overloaded|outcome_unknown
    Slowest Should Be Quicker Than    ${answers}    ${bound}

Health Should Be Red Without
    [Documentation]    Fails unless both services' health is 503 while a part is away, and 200 afterwards.
    [Arguments]    ${part}    ${take_away}
    ${auth}    Address Of Own Auth
    Run Keyword    ${take_away}    ${part}
    Health Should Be Red At Once    ${auth}
    Probe Should Be    /live    200    at=${INSTANCE}
    Give Back    ${part}
    Wait Until Keyword Succeeds    10 s    50 ms    Read Health    at=${INSTANCE}
    Wait Until Keyword Succeeds    10 s    50 ms    Probe Should Be    /ready    200    at=${INSTANCE}
    Wait Until Keyword Succeeds    10 s    50 ms    Read Auth Health    ${auth}
    [Teardown]    Give Back And Wait    ${part}

Health Should Be Red Until The Second Is Back
    [Documentation]    Fails unless both services' health is 503 from when both parts are away until both are back, and
    ...    the services then serve as before (6.1, 2.8).
    [Arguments]    ${first}    ${second}
    ${auth}    Address Of Own Auth
    ${dependencies}    Values Of Label At    dependency
    ${started}    Metric Value    service_start_time_seconds    ${INSTANCE}
    Wait Until Keyword Succeeds    15 s    100 ms    Dependencies Healthy Should Be    ${{ len($dependencies) }}
    Cut Off    ${first}
    Cut Off    ${second}
    Health Should Be Red At Once    ${auth}
    Probe Should Be    /live    200    at=${INSTANCE}
    Give Back    ${first}
    Health Should Still Be Red    ${auth}    ${{ len($dependencies) - 1 }}
    Give Back And Wait    ${second}
    Services Should Serve As Before    ${started}
    [Teardown]    Run Keywords    Give Back    ${first}
    ...    AND    Give Back And Wait    ${second}

Health Should Still Be Red
    [Documentation]    Fails unless both services' health is 503 once the instance knows that so many of its
    ...    dependencies are there (6.1, 2.8).
    [Arguments]    ${auth}    ${count}
    Wait Until Keyword Succeeds    15 s    100 ms    Dependencies Healthy Should Be    ${count}
    Health Should Be Red At Once    ${auth}

Services Should Serve As Before
    [Documentation]    Fails unless somebody can log in and read, at an instance that was started then (6.1, 6.2).
    [Arguments]    ${started}
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${since}    Metric Value    service_start_time_seconds    ${INSTANCE}
    Should Be Equal As Numbers    ${since}    ${started}    It was started anew when both were back (6.1)
