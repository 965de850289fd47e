*** Settings ***
Documentation     Key rotation, unknown keys, and what happens when Redis or the auth service is away (contract,
...               section 3, hardening). Services of its own are started here, so that nobody else's tokens suffer.

Resource          ../../resources/tokens.resource
Resource          ../../resources/operations.resource
Resource          ../../resources/ledger.resource

Suite Setup       Start Services For This Suite
Suite Teardown    Stop Extra Services

Test Tags         auth    hardening


*** Test Cases ***
A Rotated-in Key Is Accepted Without A Restart And The Old One Still Is
    [Documentation]    Section 2: keys/rotate; section 3: a key that was rotated in is accepted without a restart.
    GROUP    Somebody is logged in with the current key
        ${player}    Log In At Own Auth
        ${administrator}    Create Administrator
        ${administrator}    Log In At Own Auth    ${administrator}
        Token Should Become Accepted    ${player}    ${INSTANCE}
    END
    GROUP    The key is rotated
        Rotate Keys    ${administrator}
        ${after}    Log In At Own Auth
        Should Not Be Equal    ${after.token.header}[kid]    ${player.token.header}[kid]
    END
    GROUP    Both keys are good
        Token Should Become Accepted    ${after}    ${INSTANCE}
        Read Inventory    ${player}    at=${INSTANCE}
        Token Should Stand Up To Published Keys    ${player}
    END

A Flood Of Unknown Keys Does Not Become A Flood Of Calls To The Auth Service
    [Documentation]    Section 3: refreshed at most once in a while, however many tokens name an unknown kid.
    ${player}    Log In At Own Auth
    Unknown Keys Should Not Flood The Auth Service    ${INSTANCE}    60
    Token Should Become Accepted    ${player}    ${INSTANCE}

Without Redis Nobody Is Let In Whose Token Cannot Be Checked
    [Documentation]    Section 3: 503 token_check_unavailable, never let in; section 5: cache.
    ${player}    Log In At Own Auth
    ${service}    Service Token Of Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Cut Off Redis
    Read Inventory    ${player}    at=${INSTANCE}    expect=503 token_check_unavailable
    Add Items    ${player}    5 stone    token=${service}    at=${INSTANCE}    expect=503 token_check_unavailable
    Reserve    ${player}    1 stone    token=${service}    at=${INSTANCE}    expect=503 token_check_unavailable
    Ledger Should Have Rows    ${player}    0
    [Teardown]    Give Redis Back

Without Redis A Bad Token Is Still Told What Is Wrong With It
    [Documentation]    Section 3: the order of the checks does not depend on Redis.
    ${player}    Log In At Own Auth
    ${forged}    Forge Token    ${player}    payload of another player
    Cut Off Redis
    Read Inventory    token=${forged}    at=${INSTANCE}    expect=401 invalid_token_signature
    Read Inventory    at=${INSTANCE}    expect=401 missing_token
    [Teardown]    Give Redis Back

Without Redis Health Says So And Liveness Holds
    [Documentation]    Section 6: 503 with each dependency's state; live while the process serves.
    [Setup]    Cut Off Redis
    Health Should Be    status=503    at=${INSTANCE}    dependency=redis
    Health Should Be    /ready    503    ${INSTANCE}    redis
    Health Should Be    /live    200    ${INSTANCE}
    [Teardown]    Give Redis Back

When Redis Is Back Players Are Let In Again Without A Restart
    [Documentation]    Sections 3 and 6: what is refused for want of Redis is not refused for longer.
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Cut Off Redis
    Read Inventory    ${player}    at=${INSTANCE}    expect=503 token_check_unavailable
    Give Redis Back
    Read Inventory    ${player}    at=${INSTANCE}
    Health Should Be    /ready    200    ${INSTANCE}
    [Teardown]    Give Redis Back

With The Auth Service Away Known Keys Still Work And Unknown Ones Are Refused
    [Documentation]    Issue: public keys survive a short absence of the auth service.
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Stop Own Auth
    Read Inventory    ${player}    at=${INSTANCE}
    ${forged}    Forge Token    ${player}    unknown kid
    Read Inventory    token=${forged}    at=${INSTANCE}    expect=401 invalid_token_signature
    Read Inventory    ${player}    at=${INSTANCE}


*** Keywords ***
Start Services For This Suite
    [Documentation]    A pair of services with keys and a way to Redis of their own.
    ${instance}    Start Services With Own Keys
    VAR    ${INSTANCE}    ${instance}    scope=SUITE
