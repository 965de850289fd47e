*** Settings ***
Documentation     Services of a suite's own that are away for a while and started again: what was promised before
...               holds meanwhile and afterwards (contract 2.6, 2.10, 3.3, 3.9).

Resource          ../../resources/outages.resource

Suite Setup       Start Services For This Suite
Suite Teardown    Stop Services Of Its Own

Test Tags         operations


*** Test Cases ***
A Token Outlives A Restart Of The Auth Service
    [Documentation]    2.10 S, 2.6 S: it is good for its 24 h, by the key that is published.
    ${player}    Player Who Is Let In
    Stop Own Auth
    ${other}    Player Who Is Let In
    ${forged}    Forge Token    ${player}    signed_by=stranger
    Read Inventory    ${forged}    at=${INSTANCE}    expect=401|5xx
    Read Inventory    ${player}    at=${INSTANCE}
    Token Should Be Good By The Keys Of    ${player}    ${OWN.auth.url}
    Token Should Be Good By The Keys Of    ${other}    ${OWN.auth.url}

What Each Key Has Signed Outlives A Restart That Comes After A Rotation
    [Documentation]    2.5 H, 2.6 S, 2.10 S: neither the old key nor the new one was in memory alone, and the new one
    ...    goes on signing.
    [Tags]    hardening    long
    ${administrator}    Create Administrator At Own Auth
    Rotate Keys    ${administrator}    ${OWN.auth.url}
    ${after}    Log In At Own Auth
    ${before}    Read Public Key    ${OWN.auth.url}
    Stop Own Auth
    ${again}    Log In At Own Auth
    FOR    ${one}    IN    ${administrator}    ${after}    ${again}
        Token Should Be Good Still    ${one}
    END
    ${now}    Read Public Key    ${OWN.auth.url}
    Should Be Equal    ${now.text}    ${before.text}    Another key signs than before the restart (2.6)    values=False
    # A target that looks for new keys only now and then would refuse everybody in the tests after this one.
    [Teardown]    Start Services For This Suite

An Instance That Starts Without The Auth Service Serves Once It Is There
    [Documentation]    2.10 S, 4.3 S: the key is asked for again.
    [Tags]    long
    Address Of Own Auth
    ${service}    Service Token Of Own Auth
    Stop Own Auth
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${instance}
    Add Items    ${player}    1 stone    by=${service}    at=${instance}

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

A Flood Of Unknown Keys Is None Of Calls Either Where The Auth Service Has No Answer
    [Documentation]    3.9 H: at the address that was set here, it knows of no keys.
    [Tags]    hardening    long
    ${player}    Log In At Own Auth
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}/nowhere
    # Without any key it asks on its own, too, and soon again: only a question for each token is a flood.
    Unknown Keys Should Not Flood The Auth Service
    ...    ${player}
    ...    ${instance}
    ...    100
    ...    path=/nowhere/jwks
    ...    every=0.02    expect=401|503

A Revocation Outlives A Restart Of Both Services
    [Documentation]    2.11 S, 3.5 S: it stands in Redis, and in no process.
    [Tags]    long
    ${ended}    Player Who Is Let In
    ${again}    Log In At Own Auth    ${ended}
    Stop Own Auth
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}
    Log In At Own Auth
    Token Should Become Accepted    ${again}    ${instance}
    Read Inventory    ${ended}    at=${instance}    expect=401 token_revoked
    ${last}    Log In At Own Auth    ${again}
    Read Inventory    ${again}    at=${instance}    expect=401 token_revoked
    Token Should Become Accepted    ${last}    ${instance}

A Service Tells When It Was Started Itself
    [Documentation]    6.2 S: inventory_service_start_time_seconds is not when it was built, nor when it was first
    ...    started.
    VAR    ${asked}    ${{ time.time() }}
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}
    ${since}    Metric Value    service_start_time_seconds    ${instance}
    Should Be True    ${asked} - 5 < ${since} < ${{ time.time() + 5 }}
    ...    It was started ${{ $since - $asked }} s after it was told to, as it says (6.2)

The Cached Catalogue Is Not Kept For Longer Because It Is Read
    [Documentation]    5.3 S: for up to 24 h from when it was made, and an instance that starts may take it from there.
    [Tags]    long
    [Setup]    Require Part    redis    database    disposable data
    ${player}    Player Who Is Let In
    Add Items    ${player}    1 stone
    Put A Code Into The Catalogue    collection
    ${before}    Catalogues That Redis Keeps    at_most=1000
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}
    Token Should Become Accepted    ${player}    ${instance}
    Inventory Should Be    ${player}    1 stone    at=${instance}
    ${after}    Catalogues That Redis Keeps
    FOR    ${key}    ${kept}    IN    &{after}
        VAR    ${old}    ${{ $before.get($key, ("", 0)) }}
        Should Be True    $kept[0] != $old[0] or $kept[1] <= 1000
        ...    Redis keeps ${key} for ${kept}[1] s; it was to be kept for 1000 s before it was read again (5.3)
    END

An Instance That Finds A Damaged Catalogue In Redis Serves All The Same
    [Documentation]    5.3 H: damaged cached data costs no correctness.
    [Tags]    hardening    long
    [Setup]    Require Part    redis    database    disposable data
    [Template]    Instance Should Serve With A Catalogue That Is
    # what happens to each entry
    cut
    emptied
    noise


*** Keywords ***
Instance Should Serve With A Catalogue That Is
    [Documentation]    Fails unless a new instance adds and reads while the catalogue in Redis is damaged (5.3).
    [Arguments]    ${how}
    ${player}    Player Who Is Let In
    Add Items    ${player}    1 stone
    ${service}    Service Token Of Own Auth
    Damage What Is Cached Beside Balances    ${how}
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}
    Token Should Become Accepted    ${player}    ${instance}
    Add Items    ${player}    1 wood    by=${service}    at=${instance}
    Inventory Should Be    ${player}    1 stone    1 wood    at=${instance}

Token Should Be Good Still
    [Documentation]    Fails unless a token stands up to the keys of the suite's own auth-service, and is let in (2.5,
    ...    2.10).
    [Arguments]    ${player}
    ${is_good}    Run Keyword And Return Status    Token Should Be Good By The Keys Of    ${player}    ${OWN.auth.url}
    Should Be True    ${is_good}    The key of a token that was good is published no more after a restart (2.5, 2.10)
    Token Should Become Accepted    ${player}    ${INSTANCE}

Player Who Is Let In
    [Documentation]    Somebody who has just logged in at the suite's own auth-service, and is let in (2.1, 3.3).
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    RETURN    ${player}
