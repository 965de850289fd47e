*** Settings ***
Documentation     Who may call what: for each path, what a stranger, a player, a service and an administrator get
...               (contract 3.7).

Resource          ../../resources/tokens.resource
Resource          ../../resources/administration.resource
Resource          ../../resources/operations.resource

Suite Setup       Need One Administrator
Suite Teardown    Stop Services Of Its Own
Test Setup        Give The Test A Player

Test Tags         auth    hardening


*** Variables ***
# The answers of the role matrix. What is let in with an empty body gets as far as its validation.
${WHO}           401 missing_token
${NO_SERVICE}    403 insufficient_service_permissions
${NO_ADMIN}      403 forbidden
${LET_IN}        400 validation_failed


*** Test Cases ***
Each Path Lets In Exactly The Roles It Is For
    [Documentation]    3.7 H, 3.1 S.
    [Setup]    Run Keywords    Require Part    service tokens    admin tokens
    ...    AND    Give The Test The Player
    [Template]    Access Should Be
    # listener    method    path    a stranger    a player    a service    an administrator
    public    GET    /inventory    ${WHO}    200    403 forbidden    200
    public    GET    /inventory?section\=nowhere    ${WHO}    400    403 forbidden    400
    internal    POST    /inventory/add-items    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    internal    POST    /inventory/reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    internal    POST    /inventory/return-reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    internal    POST    /inventory/consume-reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    internal    GET    /inventory/reservation/not-a-uuid    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    admin    POST    /adjust    ${WHO}    ${NO_ADMIN}    ${NO_ADMIN}    ${LET_IN}
    admin    GET    /audit    ${WHO}    ${NO_ADMIN}    ${NO_ADMIN}    ${LET_IN}

Who Comes Without A Token Is Told So Whatever They Send
    [Documentation]    3.1 S: in this order (section 3); what is wrong with a call hears who is let in.
    [Tags]    -hardening
    [Setup]    Run Keywords    Require Part    service tokens    AND    Give The Test A Player
    [Template]    A Stranger Should Be Asked For A Token At
    # listener    method    path    what it is sent with
    FOR    ${body}    IN    {    {}    {"user_id": 7}    [1]    nothing
        internal    POST    /inventory/add-items    ${body}
        internal    POST    /inventory/reserve    ${body}
        internal    POST    /inventory/return-reserve    ${body}
        internal    POST    /inventory/consume-reserve    ${body}
    END

Who Reads Without A Token Is Told So Whatever They Ask
    [Documentation]    3.1 S: in this order (section 3).
    [Tags]    -hardening
    [Template]    A Stranger Should Be Asked For A Token At
    # listener    method    path
    public    GET    /inventory?section\=nowhere

No Setting Opens In Shape Single What Needs A Token
    [Documentation]    1.1 S, 3.1 S: the network is a guard in shape split alone.
    [Tags]    -hardening    long
    [Setup]    Require Part    single shape    services of its own
    ${instance}    Start An Instance    INTERNAL_AUTH=none    ADMIN_AUTH=none
    FOR    ${call}    IN    add-items    reserve    return-reserve    consume-reserve    reservation    adjust
        Send Good Call    ${call}    ${NONE}    at=${instance}    expect=401 missing_token
    END

Only An Administrator May Rotate The Signing Key
    [Documentation]    2.5 H.
    [Template]    Rotate Keys
    # whose token    the answer
    ${NONE}    expect=401
    ${PLAYER}    expect=403 forbidden

No Service May Rotate The Signing Key
    [Documentation]    2.5 H.
    [Setup]    Require Part    service tokens
    Rotate Keys    ${SERVICE}    expect=403 forbidden

The Key Is Not Rotated By A Token That Is Not Good
    [Documentation]    2.5 H, 3.3 S, 3.5 S: one that claims a role, and an administrator's that a later login revoked.
    ${forged}    Forged Token    ${PLAYER}    roles=["admin"]
    Rotate Keys    ${forged}    expect=401 invalid_token_signature
    ${revoked}    Create Administrator
    Log In Again    ${revoked}
    Rotate Keys    ${revoked}    expect=401 token_revoked

The Audit Log Is Not Shown For A Token That Is Not Good
    [Documentation]    4.10 H, 3.3 S: an administrator's as a stranger has signed it, or with a claim changed.
    [Setup]    Run Keywords    Require Part    admin tokens
    ...    AND    Give The Test A Player
    ${forged}    Forged Token    ${ADMINISTRATOR}    signed_by=stranger
    ${changed}    Forged Token    ${ADMINISTRATOR}    roles=["admin", "x"]
    FOR    ${token}    IN    ${forged}    ${changed}
        Ask For Audit Log    ${token}    ${PLAYER.user_id}    expect=401 invalid_token_signature
    END
    Ask For Audit Log    ${ADMINISTRATOR}    ${PLAYER.user_id}

The Audit Log Is Not Shown For A Token That A Login Has Ended
    [Documentation]    4.10 H, 3.5 S: though it is an administrator's.
    [Setup]    Run Keywords    Require Part    admin tokens
    ...    AND    Give The Test A Player
    ${ended}    Create Administrator
    Ask For Audit Log    ${ended}    ${PLAYER.user_id}
    ${again}    Log In Again    ${ended}
    Ask For Audit Log    ${ended.token}    ${PLAYER.user_id}    expect=401 token_revoked
    Ask For Audit Log    ${again}    ${PLAYER.user_id}

Who Becomes An Administrator Is One From The Next Login On
    [Documentation]    3.7 H, 2.12 H: the token says the role, and the user still has it.
    [Setup]    Require Part    administrators    admin tokens
    ${player}    Log In
    Change User    ${player}    administrator
    Ask For Audit Log    ${player}    ${player.user_id}    expect=403 forbidden
    ${administrator}    Log In Again    ${player}
    Ask For Audit Log    ${administrator}    ${player.user_id}

A Role That Only Looks Like One Opens Nothing
    [Documentation]    3.7 H: roles are a list of whole names.
    [Setup]    Run Keywords    Require Part    service tokens    admin tokens    signing key
    ...    AND    Give The Test The Player
    [Template]    Roles Should Open Nothing
    # the claim, signed with the target's key
    \["administrator"]
    \["not-internal", "internals"]
    \["Admin", "INTERNAL"]
    "admin internal"
    {"admin": true, "internal": true}
    \[["admin", "internal"]]
    (missing)
    null
    \[]
    ""

A Player Can Never Add Items To Anybody, Themselves Included
    [Documentation]    3.7 H.
    [Setup]    Run Keywords    Require Part    service tokens
    ...    AND    Give The Test A Player
    ${other}    Create Player
    Add Items    ${PLAYER}    1000 stone    by=${PLAYER}    expect=403 insufficient_service_permissions
    Add Items    ${other}    1000 stone    by=${PLAYER}    expect=403 insufficient_service_permissions
    Inventory Should Be    ${PLAYER}
    Inventory Should Be    ${other}

An Administrator Cannot Act As A Service
    [Documentation]    3.7 H: roles are not interchangeable.
    [Setup]    Run Keywords    Require Part    service tokens    admin tokens
    ...    AND    Give The Test A Player
    Add Items    ${PLAYER}    5 stone
    Add Items    ${PLAYER}    5 stone    by=${ADMINISTRATOR}    expect=403 insufficient_service_permissions
    Reserve    ${PLAYER}    5 stone    by=${ADMINISTRATOR}    expect=403 insufficient_service_permissions
    Inventory Should Be    ${PLAYER}    5 stone

A Role Claimed By The Player's Own Token Counts For Nothing Without The Key
    [Documentation]    3.3 S, 3.7 H: a changed payload is no identity at all.
    [Setup]    Run Keywords    Require Part    service tokens
    ...    AND    Give The Test A Player
    ${token}    Forged Token    ${PLAYER}    roles=["admin", "internal"]
    Add Items    ${PLAYER}    1000 stone    by=${token}    expect=401 invalid_token_signature
    Inventory Should Be    ${PLAYER}


*** Keywords ***
A Stranger Should Be Asked For A Token At
    [Documentation]    Fails unless a call is bad input by somebody who is let in, and refused for the token that is not
    ...    there when nobody makes it (3.1, 4.1).
    [Arguments]    ${to}    ${method}    ${path}    ${body}=${NONE}
    VAR    ${who}    ${{ $PLAYER if $to == "public" else $SERVICE }}
    Send    ${method}    ${path}    to=${to}    by=${who}    raw=${body}    expect=400
    Send    ${method}    ${path}    to=${to}    by=${NONE}    raw=${body}    expect=401 missing_token

Roles Should Open Nothing
    [Documentation]    Fails unless a player's token with these roles is let in as neither service nor administrator.
    [Arguments]    ${roles}
    ${token}    Forged Token    ${THE PLAYER}    signed_by=target    roles=${roles}
    Token Should Not Write    ${token}    403 insufficient_service_permissions    403 forbidden

Give The Test The Player
    [Documentation]    ${THE PLAYER} is the one who calls in each row of the role matrix.
    ${player}    Create Player
    VAR    ${THE PLAYER}    ${player}    scope=TEST
