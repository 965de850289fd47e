*** Settings ***
Documentation    Parts of the target that its own commands take away and give back (`TARGET_STOP_REDIS` and its like).
...              The embedded stack needs none: services of a suite's own show there what an outage does.

Resource         ../../resources/operations.resource
Resource         ../../resources/ledger.resource

Test Tags        operations    slow


*** Test Cases ***
Health Is Red While Redis Is Away And Green When It Is Back
    [Documentation]    6.1 S, 2.8 S.
    [Setup]    Require Part    redis outage
    Health Should Be
    Stop Part    redis
    Wait Until Keyword Succeeds    30 s    100 ms    Health Should Be    status=503
    ${auth}    Target Setting    auth_internal_url
    IF    $auth
        Wait Until Keyword Succeeds    30 s    100 ms    Read Auth Health    expect=503
    END
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    100 ms    Health Should Be

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
    ${player}    Create Player
    Read Inventory    ${player}
    Log In Again    ${player}
    Read Inventory    ${player}    expect=401 token_revoked
    Stop Part    redis
    Read Inventory    ${player}    expect=503 token_check_unavailable

What One Instance Acknowledged Is Seen At Another When It Is Gone
    [Documentation]    Law 5, law 6.
    [Setup]    Require Part    instance outage
    ${instances}    Target Setting    instances
    ${player}    Create Player Who Owns    5 stone
    Read Inventory    ${player}
    Add Items    ${player}    2 stone    at=${instances}[-1]
    Stop Part    instance
    Inventory Should Be    ${player}    7 stone
    Ledger Laws Should Hold    ${player}
