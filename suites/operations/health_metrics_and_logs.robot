*** Settings ***
Documentation    How the services tell how they are: health, metrics and logs (contract, section 6). One file, because a
...              process of Pabot costs more than all these tests.

Resource         ../../resources/inventory.resource
Resource         ../../resources/operations.resource
Resource         ../../resources/ledger.resource
Library          monitoring.service_logs

Test Tags        operations


*** Test Cases ***
Health Is Good And Tells No Secrets
    [Documentation]    Section 6: 200 when PostgreSQL and Redis answer.
    Health Should Be

Readiness And Liveness Answer
    [Documentation]    Section 1: in shape split they may be missing.
    [Setup]    Require Part    single shape
    Health Should Be    /ready
    Health Should Be    /live

The Auth Service's Health Is Good And Tells No Secrets
    [Documentation]    Section 2: GET /health.
    Auth Health Should Be Good

Metrics Have The Promised Names
    [Documentation]    Section 6.
    ${player}    Create Player Who Owns    1 stone
    Reserve    ${player}    2 stone    expect=400 insufficient_items
    Read Inventory    ${player}
    Metrics Should Have    service_up    service_start_time_seconds    http_requests_total
    ...    http_request_duration_seconds    http_requests_in_flight    database_queries_total
    ...    database_query_duration_seconds    database_connections    redis_commands_total
    ...    redis_command_duration_seconds    redis_connections    operations_total
    ...    balance_calculation_duration_seconds    cache_hit_ratio    cache_operations_total
    ...    classifier_conversions_total    insufficient_balance_errors_total    transaction_rollbacks_total
    ...    dependency_health    active_users_total

The Service Reports Itself As Up
    [Documentation]    Section 6: inventory_service_up.
    ${up}    Metric Value    service_up
    Should Be Equal As Integers    ${up}    1

Requests Are Counted By Method, Route Pattern And Status
    [Documentation]    Section 6: inventory_http_requests_total.
    ${player}    Create Player
    ${before}    Metric Value    http_requests_total    method=GET    status=200
    Read Inventory    ${player}
    Metric Should Have Grown    http_requests_total    ${before}    method=GET    status=200
    ${unknown}    New Operation Id
    Reservation Should Not Exist    ${unknown}
    Endpoint Labels Should Be Patterns

A Refused Reservation Is Counted As Insufficient Balance
    [Documentation]    Section 6: inventory_insufficient_balance_errors_total{section,item_class}.
    ${player}    Create Player
    ${before}    Metric Value    insufficient_balance_errors_total    section=main    item_class=resources
    Reserve    ${player}    1 stone    expect=400 insufficient_items
    Metric Should Have Grown    insufficient_balance_errors_total    ${before}    section=main    item_class=resources

A Snapshot Is Counted Where It Was Made
    [Documentation]    Section 6: inventory_daily_balance_created_total{section}.
    ${player}    Create Player With History    2 days ago: 5 stone
    ${before}    Metric Value    daily_balance_created_total    section=main
    Inventory Should Be    ${player}    5 stone
    Metric Should Have Grown    daily_balance_created_total    ${before}    section=main

A Request Keeps The Id It Came With And Gets One If It Has None
    [Documentation]    Section 6: X-Request-ID.
    ${player}    Create Player
    Request Id Should Come Back    ${player}
    Request Id Should Be Made    ${player}

Internal And Admin Paths Are Not Served On The Public Listener
    [Documentation]    Section 1, shape split: 404.
    [Setup]    Require Part    split shape
    [Template]    Path Should Not Be Public
    # path
    POST /inventory/add-items
    POST /inventory/reserve
    POST /inventory/return-reserve
    POST /inventory/consume-reserve
    POST /inventory/admin/adjust
    POST /admin/inventory/adjust

Every Line Is One JSON Object With The Promised Fields
    [Documentation]    Section 6: `timestamp` in UTC, `level`, `message` and `service` in every line; the rest in the
    ...    line of a request. Successes, refusals and bad input have left lines before.
    ${player}    Create Player Who Owns    1 stone
    Read Inventory    ${player}
    Reserve    ${player}    2 stone    expect=400 insufficient_items
    Path Should Be Logged As Answered    /inventory
    Log Lines Should Have The Promised Fields

A Login And A Read Under One Request Id Are Found In The Logs Of Both Services
    [Documentation]    Section 6: `X-Request-ID` is taken over, so one search shows what became of a request.
    Request Should Be Found In Both Logs

The Line Of A Request Tells Who Asked For What And What Came Of It
    [Documentation]    Section 6: `method`, `path`, `status`, `duration_ms` and `user_id`.
    ${player}    Create Player
    Read Inventory    ${player}
    Last Call Should Be Logged For    ${player}    GET    200

A Request Id That Is No Such Thing Cannot Forge A Line
    [Documentation]    Section 6: one JSON object a line, whatever a caller sends.
    Strange Request Ids Should Not Spoil The Log

No Token, Secret Or Password Is In The Logs
    [Documentation]    Section 6: never a token, secret or password. Good and bad tokens, init data and wrong secrets
    ...    have been sent before the search.
    ${player}    Create Player
    Read Inventory    ${player}
    Secrets Should Have Been Sent    ${player}
    Logs Should Hold No Secrets
