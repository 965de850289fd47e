*** Settings ***
Documentation     What services of a suite's own do while Redis is away or hangs, and once it is back (contract 3.5,
...               3.8, 6.1; laws 5 and 6).

Resource          ../../resources/outages.resource
Resource          ../../resources/histories.resource

Suite Setup       Start Services For This Suite
Suite Teardown    Stop Services Of Its Own

Test Tags         operations    long


*** Test Cases ***
Without Redis Nobody Is Let In Whose Token Cannot Be Checked
    [Documentation]    3.8 H.
    [Tags]    hardening
    [Template]    Nobody Should Be Let In While Redis
    # is
    Cut Off
    Let Hang

Without Redis A Bad Token Is Still Told What Is Wrong With It
    [Documentation]    3.1 S, 3.3 S, 3.8 H: the order of the checks does not depend on Redis.
    [Tags]    hardening
    ${player}    Log In At Own Auth
    ${forged}    Forge Token    ${player}    sub=(new)
    Cut Off    redis
    Read Inventory    ${forged}    at=${INSTANCE}    expect=401 invalid_token_signature
    Read Inventory    ${NONE}    at=${INSTANCE}    expect=401 missing_token
    [Teardown]    Give Back And Wait    redis

Without Redis Health Says So And Liveness Holds
    [Documentation]    6.1 H, 2.8 H.
    [Tags]    hardening
    ${auth}    Address Of Own Auth
    Cut Off    redis
    ${answer}    Read Auth Health    ${auth}    expect=503
    Dependency Should Be Blamed    ${answer}    redis
    Health Should Blame    redis    at=${INSTANCE}
    Health Should Blame    redis    /ready    at=${INSTANCE}
    Health Should Be    /live    200    at=${INSTANCE}
    [Teardown]    Give Back And Wait    redis

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
    [Teardown]    Give Back And Wait    redis

A Revoked Token Is Not Let In While Redis Is Away
    [Documentation]    3.5 S: whatever is answered then, it is not what the player may see, however often that is asked.
    [Template]    Revoked Token Should Stay Out While Redis
    # is
    Cut Off
    Let Hang

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
    [Teardown]    Run Keywords    Give Back And Wait    redis
    ...    AND    Ledger Laws Should Hold For This Test

What Is Cached Once Redis Is Back Stands Where It Stood
    [Documentation]    5.3 S, law 6: in database 1, where whoever writes at another instance drops it.
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Write History    ${player}    3 days ago: 10 stone
    Cut Off    redis
    Read Inventory    ${player}    at=${INSTANCE}    expect=200|5xx
    Give Back And Wait    redis
    ${reads}    Prepare    12    Read Inventory    ${player}    at=${INSTANCE}
    Send Together    ${reads}    fail_on_5xx=False
    Inventory Should Be    ${player}    10 stone    at=${INSTANCE}
    Nothing Should Be Cached Among The Tokens    ${player}
    [Teardown]    Give Back And Wait    redis

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
    [Teardown]    Give Back And Wait    redis

However Long Redis Takes, What Is Written Elsewhere Meanwhile Has A Serial History
    [Documentation]    Law 6, law 7: whether something was written is asked in one step with keeping what was read.
    ${seed}    Seed Of This Test
    ${player}    Log In At Own Auth
    Write History    ${player}    3 days ago: 5 stone
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${additions}    Prepare    40    Add Items    ${player}    1 stone
    ${reads}    Prepare    80    Read Inventory    ${player}    at=${INSTANCE}
    Slow Down    redis    25
    Send A Mix    ${seed}    8    ${additions}    ${reads}
    History Should Be Serial    ${player}
    Inventory Should Be    ${player}    45 stone    at=${INSTANCE}
    [Teardown]    Give Back And Wait    redis


*** Keywords ***
Nobody Should Be Let In While Redis
    [Documentation]    Fails unless each call says that it cannot check a token that was good before (3.8).
    [Arguments]    ${trouble}
    ${player}    Log In At Own Auth
    ${service}    Service Token Of Own Auth
    ${administrator}    Create Administrator At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${calls}    Prepare One Call Of Each Kind    ${player}    ${service}    ${administrator}
    Run Keyword    ${trouble}    redis
    # At once: each may wait for Redis as long as it may. And again, when so many have been in vain.
    FOR    ${_}    IN RANGE    2
        ${answers}    Send Together    ${calls}    fail_on_5xx=False
        Each Answer Should Be    ${answers}    503 token_check_unavailable
    END
    Answer Should Have    ${answers}[0]    error text    message text
    Ledger Should Have Rows    ${player}    0
    [Teardown]    Give Back And Wait    redis

Prepare One Call Of Each Kind
    [Documentation]    A read, each call of services, and both of administrators, as they have to be.
    [Arguments]    ${player}    ${service}    ${administrator}
    ${read}    Prepare    1    Read Inventory    ${player}    at=${INSTANCE}
    ${add}    Prepare    1    Add Items    ${player}    5 stone    by=${service}    at=${INSTANCE}
    VAR    @{calls}    @{read}    @{add}
    FOR    ${call}    IN    reserve    return-reserve    consume-reserve    reservation
        ${one}    Prepare    1    Send Good Call    ${call}    ${service}    at=${INSTANCE}
        VAR    @{calls}    @{calls}    @{one}
    END
    ${adjust}    Prepare    1    Send Good Call    adjust    ${administrator}    at=${INSTANCE}
    ${audit}    Prepare    1    Ask For Audit Log    ${administrator}    ${player.user_id}    at=${INSTANCE}
    RETURN    ${{ [*$calls, *$adjust, *$audit] }}

Revoked Token Should Stay Out While Redis
    [Documentation]    Fails when a token that a login has ended is let in meanwhile, or afterwards (3.5).
    [Arguments]    ${trouble}
    ${ended}    Log In At Own Auth
    ${player}    Log In At Own Auth    ${ended}
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Read Inventory    ${ended}    at=${INSTANCE}    expect=401 token_revoked
    Run Keyword    ${trouble}    redis
    Many Calls Should Not Let In    ${ended}    at=${INSTANCE}
    Give Back    redis
    Token Should Be Told To Be Revoked Within    10 s    ${ended}    at=${INSTANCE}
    [Teardown]    Give Back And Wait    redis
