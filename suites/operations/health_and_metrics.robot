*** Settings ***
Documentation    How the services tell how they are: health and metrics (contract 1.1, 2.8, 6.1, 6.2).

Resource         ../../resources/operations.resource
Resource         ../../resources/variants.resource

Test Tags        operations


*** Test Cases ***
Health Is Good
    [Documentation]    6.1 S.
    Read Health

Health Tells Each Dependency's State And No Secrets
    [Documentation]    6.1 H.
    [Tags]    hardening
    ${answer}    Health Should Be
    Should Match Regexp    ${answer.text}    (?is)(postgres|database).*redis|redis.*(postgres|database)
    ...    Health tells the state of PostgreSQL and of Redis (6.1); found ${answer.text}    values=False

Readiness And Liveness Answer
    [Documentation]    6.1 S: in shape split they may be missing (1.1).
    Probe Should Be    /ready    200
    Probe Should Be    /live    200

The Auth Service's Health Is Good
    [Documentation]    2.8 S.
    ${answer}    Read Auth Health
    Answer Should Have    ${answer}    status given    timestamp given
    Wait Until Keyword Succeeds    40 s    50 ms    Auth Health Should Tell Another Time    ${answer}

The Auth Service's Health Tells Each Dependency's State And No Secrets
    [Documentation]    2.8 H.
    [Tags]    hardening
    ${answer}    Read Auth Health
    Answer Should Have    ${answer}    version text    dependencies object
    Answer Should Tell No Secrets    ${answer}

The Auth Service Tells Its Metrics Wherever It Tells Its Health
    [Documentation]    1.1 S.
    ${answer}    Read Auth Metrics
    Should Match Regexp
    ...    ${answer.text}
    ...    (?m)^[a-zA-Z_:][\\w:]*(\\{.*\\})?[ \\t]+[-+]?([0-9.]|NaN|Inf)
    ...    The auth service's metrics are none (1.1)
    ...    values=False

The Public Key Is The Same On Each Listener That Has It
    [Documentation]    1.1 S, 2.6 S: it is on either.
    ${here}    Read Public Key
    ${there}    Read Public Key    to=auth internal    expect=200|404
    VAR    ${told}    ${{ $there.text if $there.status == 200 else $here.text }}
    Should Be Equal    ${told}    ${here.text}    The public key is another on the other listener (1.1)

Who Asks For Health And Hangs Up Makes Nothing Unhealthy
    [Documentation]    6.1 S, 6.2 S: a question that its asker gave up says nothing of what it is about.
    ${before}    Dependencies That Answer
    Skip If    not $before    dependency_health says of nothing yet that it answers
    FOR    ${_}    IN RANGE    5
        Hold Connections    10    GET BASE HTTP/1.1    Host: HOST    ${EMPTY}    to=health
        Hang Up
        ${now}    Dependencies That Answer
        VAR    ${lost}    ${{ ", ".join(sorted($before - $now)) }}
        Should Be Empty
        ...    ${lost}
        ...    dependency_health calls ${lost} unhealthy since who asked for health hung up (6.2)
        Read Health
    END

Health Is Told To Each Of Many Who Ask At Once
    [Documentation]    6.1 S: nobody waits for an answer that another has got.
    ${probes}    Prepare    20    Read Health
    ${answers}    Send Together    ${probes}
    Answers Should Be    ${answers}    200=20

Metrics Have The Promised Names
    [Documentation]    6.2 S.
    ${player}    Create Player Who Owns    1 stone
    Reserve    ${player}    2 stone    expect=400 insufficient_items
    Read Inventory    ${player}
    ${answer}    Read Metrics
    # What Prometheus does not know as its own it does not read.
    Should Match Regexp    ${answer.headers}[content-type]    text/plain|application/openmetrics-text
    Metrics Should Have    ${answer}    service_up    service_start_time_seconds    http_requests_total
    ...    http_request_duration_seconds    http_requests_in_flight    database_queries_total
    ...    database_query_duration_seconds    database_connections    redis_commands_total
    ...    redis_command_duration_seconds    redis_connections    operations_total
    ...    balance_calculation_duration_seconds    classifier_conversions_total
    ...    insufficient_balance_errors_total    dependency_health    active_users_total

Metrics Are Told To Prometheus As It Asks For Them
    [Documentation]    6.2 S: what is called OpenMetrics is whole only with its end, what is called compressed is.
    ${answer}    Read Metrics    headers=${AS PROMETHEUS}
    ${prefix}    Target Setting    metric_prefix
    Should Match Regexp    ${answer.text}    (?m)^${prefix}service_up[ {]    The metrics lack service_up (6.2)
    ...    values=False
    VAR    ${type}    ${answer.headers}[content-type]
    Should Be True    "openmetrics" not in $type or $answer.text.rstrip().endswith("# EOF")    ${type} has no end (6.2)

The Metrics Of A Cache Have The Promised Names
    [Documentation]    6.2 S: where balances are cached, which nobody has to (5.3).
    [Setup]    Require Part    redis    database    disposable data
    ${player}    Create Player With History    3 days ago: 5 stone
    Read Inventory    ${player}
    ${kept}    Ask Redis    KEYS    inventory:${player.user_id}:*    database=1
    Skip If    not $kept    the target caches no balances, as it may (5.3)
    ${answer}    Read Metrics
    Metrics Should Have    ${answer}    cache_hit_ratio    cache_operations_total

The Service Reports Itself As Up
    [Documentation]    6.2 S: inventory_service_up, and since when, in seconds.
    ${up}    Metric Value    service_up
    Should Be Equal As Integers    ${up}    1    inventory_service_up (6.2)
    ${since}    Metric Value    service_start_time_seconds
    Should Be True    1e9 < ${since} < ${{ time.time() + 300 }}    It says to have started at ${since} (6.2)
    # Several processes may answer by turns, but none later and later.
    ${told}    Starts Told
    Should Be True    any(map(operator.ge, $told, $told[1:]))    It says to have started later each time: ${told} (6.2)
    # The second of now moves with each that passes; of several processes a younger one may answer, but hardly twice.
    ${later}    Starts Told    after=1.1
    ${latest}    Starts Told    after=1.1
    Should Be True    min($later) < max($told) + 1 or min($latest) < max($later) + 1
    ...    It says to have started ${told}[0], then ${later}[0], then ${latest}[0] (6.2)

What Is Under Way Is In Flight
    [Documentation]    6.2 S: inventory_http_requests_in_flight, while no row gets into the ledger.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player
    ${instances}    Target Setting    instances
    ${additions}    Prepare    4    Add Items    ${player}    1 stone    at=${instances}[0]
    ${answers}    Send Together Before Any Row Is Written    ${additions}    meanwhile=They Should Be In Flight
    Answers Should Be    ${answers}    200=4

Requests Are Counted By Method, Route Pattern And Status
    [Documentation]    6.2 S: inventory_http_requests_total.
    ${player}    Create Player
    ${before}    Metric Value    http_requests_total    method=GET    status=200
    Read Inventory    ${player}
    Metric Should Have Grown    http_requests_total    ${before}    method=GET    status=200

A Refused Call Is Counted Under Its Route Too
    [Documentation]    6.2 S.
    ${player}    Create Player Who Owns    1 stone
    Refusal Should Be Counted Under Its Route    400    Reserve    ${player}    ${player}    1 stone

A Call That Is Not For Its Caller Is Counted Under Its Route Too
    [Documentation]    6.2 S, 3.7 H: nobody's, and one for services that a player makes.
    [Tags]    hardening    long
    [Setup]    Require Part    service tokens
    ${player}    Create Player Who Owns    2 stone
    Refusal Should Be Counted Under Its Route    401    Read Inventory    ${player}    ${NONE}
    Refusal Should Be Counted Under Its Route    403    Reserve    ${player}    ${player}    1 stone    by=${player}

Endpoint Labels Are Patterns, Never Raw Paths
    [Documentation]    6.2 S.
    ${unknown}    New Id
    Reservation Should Not Exist    ${unknown}
    ${player}    Create Player
    Read Inventory    ${player}    trade
    ${answer}    Read Metrics
    ${labels}    Labels Of    ${answer}
    ${text}    Catenate    @{labels}[endpoint]
    Should Not Contain    ${text}    ${unknown}    An endpoint label is a raw path (6.2)
    Should Not Contain    ${text}    section\=    An endpoint label has a query in it (6.2)

A Refused Reservation Is Counted As Insufficient Balance
    [Documentation]    6.2 S: inventory_insufficient_balance_errors_total{section,item_class}.
    ${player}    Create Player
    ${class}    Class Of    stone
    ${before}    Metric Value    insufficient_balance_errors_total    section=main    item_class=${class}
    Reserve    ${player}    1000000 stone    expect=400 insufficient_items
    Metric Should Have Grown    insufficient_balance_errors_total    ${before}    section=main    item_class=${class}
    ${after}    Metric Value    insufficient_balance_errors_total    section=main    item_class=${class}
    Should Be True    ${after} - ${before} < 500000    One error counts as ${{ $after - $before }} (6.2)

Each Class That Is Short Is Counted
    [Documentation]    6.2 S, 4.5 H: by its class; to find every variant that is short is hardening.
    [Tags]    hardening
    ${player}    Create Player
    ${class}    Class Of    tools/axe
    ${before}    Metric Value    insufficient_balance_errors_total    section=main    item_class=${class}
    Reserve    ${player}    1 stone    1 tools/axe    expect=400 insufficient_items
    Metric Should Have Grown    insufficient_balance_errors_total    ${before}    section=main    item_class=${class}
    ${class}    Class Of    stone
    ${before}    Metric Value    insufficient_balance_errors_total    section=main    item_class=${class}
    Reserve    ${player}    1 tools/axe    1 stone    expect=400 insufficient_items
    Metric Should Have Grown    insufficient_balance_errors_total    ${before}    section=main    item_class=${class}

What Is Taken Back Is Counted By Its Type, Not By Its Section
    [Documentation]    6.2 S: inventory_transaction_rollbacks_total{operation_type,reason}, if it counts refusals.
    ${player}    Create Player
    Reserve    ${player}    1 stone    expect=400 insufficient_items
    ${answer}    Read Metrics
    FOR    ${name}    IN    transaction_rollbacks_total    operations_total
        ${labels}    Labels Of    ${answer}    ${name}
        VAR    ${types}    ${{ set($labels.get("operation_type", ())) }}
        Should Be True    not $types & {"main", "factory", "trade"}
        ...    The label operation_type of ${name} is ${types} (6.2)
    END

A Refused Adjustment Is Counted Where It Was Refused
    [Documentation]    6.2 S: in its section, not in main.
    [Setup]    Need One Administrator
    ${player}    Create Player Who Owns    5 stone
    ${class}    Class Of    stone
    ${before}    Metric Value    insufficient_balance_errors_total    section=trade    item_class=${class}
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone    section=trade    expect=400 insufficient_items
    Metric Should Have Grown    insufficient_balance_errors_total    ${before}    section=trade    item_class=${class}

Each Kind Of Write Is Counted By Its Type
    [Documentation]    6.2 S: inventory_operations_total{operation_type}.
    [Tags]    long
    [Setup]    Need One Administrator
    [Template]    Write Should Be Counted
    # what is done    operation type
    Add    chest_reward
    Reserve    factory_reservation
    Return    factory_return
    Consume    factory_consumption
    Adjust    admin_adjustment

A Snapshot Is Counted Where It Was Made
    [Documentation]    6.2 S: inventory_daily_balance_created_total{section}, whoever asked for it.
    [Setup]    Run Keywords    Require Part    metrics    database    disposable data
    ...    AND    Need One Administrator
    [Template]    Snapshot Should Be Counted
    # the first call of the day    where
    Read    main
    Reserve    main
    Adjust    trade

Internal And Admin Paths Are Not Served On The Public Listener
    [Documentation]    1.1 S: shape split, 404.
    [Tags]    odd-form
    [Setup]    Run Keywords    Require Part    split shape
    ...    AND    Give The Test A Player
    [Template]    Path Should Not Be Public
    # method    path    a player
    POST    /inventory/add-items    ${PLAYER}
    POST    /inventory/reserve    ${PLAYER}
    POST    /inventory/return-reserve    ${PLAYER}
    POST    /inventory/consume-reserve    ${PLAYER}
    POST    /inventory/admin/adjust    ${PLAYER}
    POST    /admin/inventory/adjust    ${PLAYER}

The Audit Log Is Not Told On The Public Listener
    [Documentation]    1.1 S, 4.10 H: shape split, 404.
    [Tags]    hardening    odd-form
    [Setup]    Run Keywords    Require Part    split shape
    ...    AND    Give The Test A Player
    [Template]    Path Should Not Be Public
    # method    path    a player
    GET    /inventory/admin/audit    ${PLAYER}
    GET    /admin/inventory/audit    ${PLAYER}

Health And Metrics Are Not On The Public Listeners
    [Documentation]    1.1 S, 6.1 H: shape split; it is nobody's business outside.
    [Tags]    hardening
    [Setup]    Require Part    split shape
    ${auth}    Target Setting    auth_url
    ${instances}    Target Setting    instances
    VAR    ${public}    ${{ "/".join($instances[0].public.split("/")[:3]) }}
    FOR    ${listener}    IN    ${auth}    ${public}
        Listener Should Not Tell How It Is    ${listener}
    END

A Reservation Is Not Told On The Public Listener
    [Documentation]    1.1 S: shape split, 404.
    [Setup]    Require Part    split shape
    ${player}    Create Player Who Owns    5 stone
    ${operation}    Reserve    ${player}    1 stone
    Read Reservation    ${operation}    by=${player}    to=public    expect=404
    ${answer}    Read Reservation    ${operation}    to=public    expect=4xx
    Should Not Contain    ${answer.text}    ${player.user_id}


*** Keywords ***
Dependencies That Answer
    [Documentation]    Return the samples of dependency_health that are 1, at the first instance (6.2).
    ${answer}    Read Metrics
    VAR    ${told}    ${{ re.findall("(?m)^\\S*dependency_health\\S* 1\\b", $answer.text) }}
    RETURN    ${{ set($told) }}

Auth Health Should Tell Another Time
    [Documentation]    Fails while the auth service's health tells the same time as an answer before (2.8).
    [Arguments]    ${before}
    ${now}    Read Auth Health
    Should Not Be Equal    ${now.body}[timestamp]    ${before.body}[timestamp]    The time stands still (2.8)

Write Should Be Counted
    [Documentation]    Fails unless a write of this kind is counted under its type.
    [Arguments]    ${what}    ${type}
    ${player}    Create Player Who Owns    20 stone
    ${before}    Metric Value    operations_total    operation_type=${type}
    Do    ${what}    ${player}    stone
    Metric Should Have Grown    operations_total    ${before}    operation_type=${type}

Snapshot Should Be Counted
    [Documentation]    Fails unless the snapshot that a call makes is counted under its section.
    [Arguments]    ${what}    ${where}
    ${player}    Create Player
    Write History    ${player}    2 days ago: 5 stone    2 days ago: 3 wood    2 days ago: 1 ore    section=${where}
    ${before}    Metric Value    daily_balance_created_total    section=${where}
    IF    $what == "Read"
        Read Inventory    ${player}    ${where}
    ELSE
        Do    ${what}    ${player}    stone    ${where}
    END
    # A write need not ask for other balances than it changes.
    VAR    ${rows}    ${{ 3 if $what == "Read" else 1 }}
    Metric Should Have Grown    daily_balance_created_total    ${before}    by=${rows}    section=${where}

They Should Be In Flight
    [Documentation]    Fails unless requests are under way: few workers do few at once, and the question may be one.
    Wait Until Keyword Succeeds    1 s    50 ms    At Least Should Be In Flight    2
    ${connections}    Metric Value    database_connections
    Should Be True    ${connections} > 0    Calls wait in the database, over ${connections} connections (6.2)

At Least Should Be In Flight
    [Documentation]    Fails unless so many requests are under way.
    [Arguments]    ${count}
    ${in_flight}    Metric Value    http_requests_in_flight
    Should Be True    ${in_flight} >= ${count}    Of ${count} requests under way ${in_flight} are in flight (6.2)
