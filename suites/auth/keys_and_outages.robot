*** Settings ***
Documentation     Key rotation, unknown keys, and what happens when Redis or the auth service is away (contract 3.8,
...               3.9). Services of its own are started here, so that nobody else's tokens suffer.

Resource          ../../resources/outages.resource
Resource          ../../resources/ledger.resource

Suite Setup       Start Services For This Suite
Suite Teardown    Stop Services Of Its Own

Test Tags         auth    hardening


*** Test Cases ***
A Rotated-in Key Is Accepted Without A Restart And The Old One Still Is
    [Documentation]    2.5 H, 3.9 H.
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
    ${player}    Log In At Own Auth
    Unknown Keys Should Not Flood The Auth Service    ${player}    ${INSTANCE}    40
    Token Should Become Accepted    ${player}    ${INSTANCE}

Without Redis Nobody Is Let In Whose Token Cannot Be Checked
    [Documentation]    3.8 H.
    ${player}    Log In At Own Auth
    ${service}    Service Token Of Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Cut Off Redis
    Read Inventory    ${player}    at=${INSTANCE}    expect=503 token_check_unavailable
    Add Items    ${player}    5 stone    by=${service}    at=${INSTANCE}    expect=503 token_check_unavailable
    Reserve    ${player}    1 stone    by=${service}    at=${INSTANCE}    expect=503 token_check_unavailable
    Ledger Should Have Rows    ${player}    0
    [Teardown]    Give Redis Back

Without Redis A Bad Token Is Still Told What Is Wrong With It
    [Documentation]    3.1 S, 3.3 S, 3.8 H: the order of the checks does not depend on Redis.
    ${player}    Log In At Own Auth
    ${forged}    Forge Token    ${player}    sub=(new)
    Cut Off Redis
    Read Inventory    ${forged}    at=${INSTANCE}    expect=401 invalid_token_signature
    Read Inventory    ${NONE}    at=${INSTANCE}    expect=401 missing_token
    [Teardown]    Give Redis Back

Without Redis Health Says So And Liveness Holds
    [Documentation]    6.1 H.
    [Setup]    Cut Off Redis
    Health Should Blame    redis    at=${INSTANCE}
    Health Should Blame    redis    /ready    at=${INSTANCE}
    Health Should Be    /live    200    at=${INSTANCE}
    [Teardown]    Give Redis Back

When Redis Is Back Players Are Let In Again Without A Restart
    [Documentation]    3.8 H, 6.1 S: what is refused for want of Redis is not refused for longer.
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Cut Off Redis
    Read Inventory    ${player}    at=${INSTANCE}    expect=503 token_check_unavailable
    Give Redis Back
    Read Inventory    ${player}    at=${INSTANCE}
    Health Should Be    /ready    200    at=${INSTANCE}
    [Teardown]    Give Redis Back

With The Auth Service Away Known Keys Still Work And Unknown Ones Are Refused
    [Documentation]    3.3 H, 3.9 H: public keys survive a short absence of the auth service.
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Stop Own Auth
    Read Inventory    ${player}    at=${INSTANCE}
    ${forged}    Forge Token    ${player}    signed_by=stranger    kid=(new)
    Read Inventory    ${forged}    at=${INSTANCE}    expect=401 invalid_token_signature
    Read Inventory    ${player}    at=${INSTANCE}
