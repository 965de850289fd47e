*** Settings ***
Documentation     inventory-service lets in who carries a good token, and nobody else (contract, section 3; seed 7.1).
...               Each refused token differs from a good one in one point; the good one is let in at the end.

Resource          ../../resources/administration.resource
Resource          ../../resources/operations.resource
Resource          ../../resources/tokens.resource

Suite Teardown    Stop Services Of Its Own
Test Setup        Give The Test A Player
Test Teardown     Read Inventory    ${PLAYER}

Test Tags         auth


*** Test Cases ***
A Valid Token Is Let In And The Player Is The Token's Subject
    [Documentation]    4.3 S. Seed 7.1 TestJWTAuthentication.
    ${other}    Create Player
    Add Items    ${PLAYER}    7 stone
    Add Items    ${other}    2 wood
    Inventory Should Be    ${PLAYER}    7 stone
    Inventory Should Be    ${other}    2 wood

A Token Counts Wherever Its Header Stands
    [Documentation]    3.1 S: first or last, and however its name is written.
    Send By Hand    GET BASE/inventory HTTP/1.1    Authorization: Bearer TOKEN    Host: HOST    by=${PLAYER}
    Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    AUTHORIZATION: Bearer TOKEN    by=${PLAYER}

A Header Of Bytes That Are No Text Is Refused And No Failure
    [Documentation]    3.2 S, 3.3 S, 4.1 S: whatever it is called.
    [Tags]    odd-form
    Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN    by=${PLAYER}
    FOR    ${bytes}    IN    \xff    a.\xfe.b
        Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    Authorization: Bearer ${bytes}    by=${PLAYER}
        ...    expect=4xx
    END

An Expired Token Is Refused
    [Documentation]    3.3 S. Seed 7.1 TestJWTExpiredToken.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Token Should Be Refused
    # player    the answer    what is changed, signed with the target's key
    ${PLAYER}    200    signed_by=target
    ${PLAYER}    200    signed_by=target    iat=now - 9000    exp=now + 77400
    ${PLAYER}    401 token_expired|invalid_token_signature    signed_by=target    iat=now - 9000    exp=now - 3600
    ${PLAYER}    401 token_expired|invalid_token_signature    signed_by=target    exp=now - 31536000
    ${PLAYER}    401 token_expired|invalid_token_signature    signed_by=target    exp=0

A Token That Expired Two Minutes Ago Is Refused
    [Documentation]    3.3 H: no leeway beyond 30 s.
    [Tags]    hardening
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Token Should Be Refused
    # player    the answer    what is changed, signed with the target's key
    ${PLAYER}    200    signed_by=target    iat=now - 3600
    ${PLAYER}    401 token_expired|invalid_token_signature    signed_by=target    iat=now - 3600    exp=now - 120

A Tampered Token Is Refused
    [Documentation]    3.3 S. Seed 7.1 TestJWTInvalidToken. Needs no signing key.
    [Template]    Token Should Be Refused
    # player    the answer    what is changed
    ${PLAYER}    401 invalid_token_signature    sub=(new)
    ${PLAYER}    401 invalid_token_signature    roles=["admin", "internal"]
    ${PLAYER}    401 invalid_token_signature    text=HEADER.PAYLOAD.CUT
    ${PLAYER}    401 invalid_token_signature    text=HEADER.PAYLOAD.FLIPPED
    ${PLAYER}    401 invalid_token_signature    signed_by=nobody
    ${PLAYER}    401 invalid_token_signature    signed_by=stranger    kid=["a"]
    ${PLAYER}    401 invalid_token_signature    text=HEADER.PAYLOAD
    ${PLAYER}    401 invalid_token_signature    text=not-a-jwt
    ${PLAYER}    401 invalid_token_signature    text=aGVsbG8.PAYLOAD.SIGNATURE
    ${PLAYER}    401 invalid_token_signature    text=HEADER.aGVsbG8.SIGNATURE
    ${PLAYER}    401 invalid_token_signature    text=bnVsbA.PAYLOAD.SIGNATURE
    ${PLAYER}    401 invalid_token_signature    text=HEADER.bnVsbA.SIGNATURE
    ${PLAYER}    401 invalid_token_signature    text=W10.W10.SIGNATURE
    ${PLAYER}    401 invalid_token_signature    text=NDI.NDI.SIGNATURE
    ${PLAYER}    401 invalid_token_signature    text=_w.PAYLOAD.SIGNATURE
    ${PLAYER}    401 invalid_token_signature    text=HEADER.PAYLOAD.a
    ${PLAYER}    401 invalid_token_signature    text=HEADER.PAYLOAD.
    ${PLAYER}    401 invalid_token_format|invalid_token_signature    text=..
    ${PLAYER}    401 invalid_token_signature    signed_by=stranger
    ${PLAYER}    401 invalid_token_signature    signed_by=stranger    jwk=(stranger)
    ${PLAYER}    401 invalid_token_signature    alg=none    signed_by=nobody
    ${PLAYER}    401 invalid_token_signature    alg=None    signed_by=nobody
    ${PLAYER}    401 invalid_token_signature    alg=NONE    signed_by=nobody
    ${PLAYER}    401 invalid_token_signature    alg=nOnE    signed_by=nobody
    ${PLAYER}    401 invalid_token_signature    alg=""    signed_by=nobody
    ${PLAYER}    401 invalid_token_signature    alg=(missing)    signed_by=nobody
    ${PLAYER}    401 invalid_token_signature    alg=HS256    signed_by=public key
    ${PLAYER}    401 invalid_token_signature    alg=HS384    signed_by=public key
    ${PLAYER}    401 invalid_token_signature    alg=HS512    signed_by=public key
    ${PLAYER}    401 invalid_token_signature    alg=HS256    signed_by=public key without its last newline
    ${PLAYER}    401 invalid_token_signature    alg=HS256    signed_by=public key as DER
    ${PLAYER}    401 invalid_token_signature    alg=HS256    signed_by=public key as PKCS1
    # What was good a moment ago is not known by less than the whole of it.
    ${PLAYER}    200    text=HEADER.PAYLOAD.SIGNATURE
    ${PLAYER}    401 invalid_token_signature    text=HEADER.PAYLOAD.CUT
    ${PLAYER}    401 invalid_token_signature    text=HEADER.PAYLOAD.FLIPPED
    ${PLAYER}    401 invalid_token_signature    text=HEADER.PAYLOAD.
    ${PLAYER}    401 invalid_token_signature    signed_by=nobody
    ${PLAYER}    401 invalid_token_format|invalid_token_signature    text=HEADER.PAYLOAD.SIGNATURE.
    ${PLAYER}    401 invalid_token_format|invalid_token_signature    text=HEADER.PAYLOAD.SIGNATURE!!
    ${PLAYER}    401 invalid_token_format|invalid_token_signature    text=HEADER.PAYLOAD.SIGNATURE.SIGNATURE

Each Call Of A Service Refuses What No Key Is Needed To Make
    [Documentation]    3.3 S, 3.5 S: a login that a later one has ended, and a token that a stranger has signed.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    service tokens
    ${ended}    Log In
    Log In Again    ${ended}
    ${stranger}    Forged Token    ${PLAYER}    signed_by=stranger
    FOR    ${call}    IN    add-items    reserve    return-reserve    consume-reserve    reservation
        Send Good Call    ${call}    ${ended}    expect=401 token_revoked
        Send Good Call    ${call}    ${stranger}    expect=401 invalid_token_signature
    END

Another Algorithm Is Refused Though The Key Is Right
    [Documentation]    3.3 S: RS256 and no other of its family.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Token Should Be Refused
    # player    the answer    the algorithm, signed with the target's key
    ${PLAYER}    200    signed_by=target    alg=RS256
    ${PLAYER}    401 invalid_token_signature    signed_by=target    alg=RS384
    ${PLAYER}    401 invalid_token_signature    signed_by=target    alg=RS512
    ${PLAYER}    401 invalid_token_signature    signed_by=target    alg=PS256
    ${PLAYER}    401 invalid_token_signature    signed_by=target    alg=none

A Token With An Unknown Key Is Refused
    [Documentation]    3.3 H.
    [Tags]    hardening    long
    [Template]    Token Should Be Refused
    # player    the answer    what is changed
    ${PLAYER}    401    signed_by=stranger    kid=(new)
    ${PLAYER}    401    signed_by=target    kid=(new)

A Tampered Token Does Not Add Or Adjust Anything
    [Documentation]    3.3 S: the signature is asked for on every path.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    service tokens    admin tokens
    ${token}    Forged Token    ${PLAYER}    roles=["admin", "internal"]
    Token Should Not Write    ${token}    401 invalid_token_signature    401 invalid_token_signature

A Token Without The Claims That Name Token And Player Is Refused
    [Documentation]    3.4 S, 3.6 S, 3.3 S: judged in this order, which begins with the token's end.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Token Should Be Refused
    # player    the answer    what is changed, signed with the target's key
    ${PLAYER}    200    signed_by=target
    ${PLAYER}    401 missing_token_id    signed_by=target    jti=(missing)
    ${PLAYER}    401 missing_token_id    signed_by=target    jti=""
    ${PLAYER}    401 missing_token_id|invalid_token_signature    signed_by=target    jti=null
    ${PLAYER}    401 missing_token_id    signed_by=target    jti=(missing)    sub=(missing)
    ${PLAYER}    401 token_expired|invalid_token_signature    signed_by=target    exp=now - 3600    jti=(missing)
    ${PLAYER}    401 token_expired|invalid_token_signature    signed_by=target    exp=now - 3600    sub=(missing)
    ${PLAYER}    401 missing_user_id    signed_by=target    sub=(missing)
    ${PLAYER}    401 missing_user_id    signed_by=target    sub=(missing)    telegram_id=(missing)
    ${PLAYER}    401 missing_telegram_id|invalid_token_signature    signed_by=target    telegram_id=null
    ${PLAYER}    401 missing_telegram_id    signed_by=target    telegram_id=(missing)
    ${PLAYER}    401 missing_token_id    signed_by=target    jti=(missing)    JTI=(new)
    ${PLAYER}    401 missing_user_id    signed_by=target    sub=(missing)    Sub=(new)
    ${PLAYER}    401 missing_telegram_id    signed_by=target    telegram_id=(missing)    Telegram_ID=7

A Well-signed Token With A Wrong Claim Is Refused
    [Documentation]    3.3 H, 3.6 H.
    [Tags]    hardening
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Token Should Be Refused
    # player    the answer    what is changed, signed with the target's key
    ${PLAYER}    401    signed_by=target    iss=shard-legends-imposter
    ${PLAYER}    401    signed_by=target    iss=(missing)
    ${PLAYER}    401    signed_by=target    nbf=now + 86400
    ${PLAYER}    401    signed_by=target    exp=(missing)
    ${PLAYER}    401 missing_user_id    signed_by=target    sub=admin
    ${PLAYER}    401    signed_by=target    iss=shard-legends-auth-2
    ${PLAYER}    401    signed_by=target    exp=tomorrow
    ${PLAYER}    401    signed_by=target    exp=now - 45
    ${PLAYER}    401    signed_by=target    nbf=now + 60
    ${PLAYER}    200    signed_by=target    roles=["admin"]
    ${PLAYER}    401 missing_telegram_id    signed_by=target    roles=["admin"]    telegram_id=(missing)
    ${PLAYER}    200    signed_by=target    roles=["guest"]
    ${PLAYER}    401 missing_telegram_id    signed_by=target    roles=["guest"]    telegram_id=(missing)

A Missing Token Is Refused On Every Path
    [Documentation]    3.1 S. Seed 7.1 TestJWTMissingToken.
    [Template]    Nobody Should Be Let In To
    # the call
    read
    add-items
    reserve
    return-reserve
    consume-reserve
    reservation
    adjust

A Service's Token Is Checked By Each Of Its Calls
    [Documentation]    3.3 S, 3.5 S: a stranger's, and a revoked one; a good one is let in.
    [Setup]    Run Keywords    Prepare Tokens Of Each Kind    AND    Require Part    redis    disposable data
    [Template]    Service's Token Should Be Checked By
    # the call
    add-items
    reserve
    return-reserve
    consume-reserve
    reservation

A Token Counts Nowhere But In Its Header
    [Documentation]    3.1 S: not in the query, and not in a cookie.
    [Setup]    Give The Test A Player
    [Template]    Token Should Not Count Elsewhere
    # the name that it has there
    access_token
    token

An Authorization Header Of Another Form Is Refused
    [Documentation]    3.2 S.
    [Template]    Header Should Be Refused
    # player    Authorization header    the answer
    ${PLAYER}    TOKEN    401 invalid_token_format
    ${PLAYER}    Basic TOKEN    401 invalid_token_format
    ${PLAYER}    Token TOKEN    401 invalid_token_format
    ${PLAYER}    Basic Bearer TOKEN    401 invalid_token_format
    ${PLAYER}    BearerTOKEN    401 invalid_token_format
    ${PLAYER}    Bearer:TOKEN    401 invalid_token_format
    ${PLAYER}    Bearers TOKEN    401 invalid_token_format
    ${PLAYER}    XBearer TOKEN    401 invalid_token_format
    ${PLAYER}    Bearer    401 invalid_token_format
    ${PLAYER}    Bearer garbage    401 invalid_token_signature

A Header Of Another Form Is Refused On Every Path
    [Documentation]    3.2 S.
    [Template]    Header Should Be Refused At
    # the call    Authorization header
    add-items    TOKEN
    reserve    Basic TOKEN
    return-reserve    Bearer
    consume-reserve    Token TOKEN
    reservation    BearerTOKEN
    adjust    Basic TOKEN

The Tokens Of Services And Administrators Are Checked Like A Player's
    [Documentation]    3.3 S, 3.4 S, 3.6 S.
    [Setup]    Prepare Tokens Of Each Kind
    [Template]    Token Of Each Kind Should Be Refused
    # the answer    what is changed, signed with the target's key unless it says otherwise
    401 invalid_token_signature    signed_by=stranger
    401 invalid_token_signature    signed_by=before    sub=(new)
    401 invalid_token_signature    alg=RS512
    401 invalid_token_signature    alg=none    signed_by=nobody
    401 invalid_token_signature    alg=HS256    signed_by=public key
    401 token_expired|invalid_token_signature    iat=now - 9000    exp=now - 3600
    401 missing_token_id    jti=(missing)
    401 missing_user_id    sub=(missing)

That A Token Was Revoked Is Told Before Whose Call It Is
    [Documentation]    3.5 S, 2.11 S: section 3 judges in this order; of a service's token at the calls of others.
    [Setup]    Run Keywords    Prepare Tokens Of Each Kind    AND    Require Part    redis    disposable data
    ${service}    Forged Token    ${GOOD SERVICE}    signed_by=target    jti=(new)
    ${unknown}    New Id
    Read Reservation    ${unknown}    by=${service}    expect=404
    Mark As Revoked    ${service}
    Read Inventory    ${service}    expect=401 token_revoked
    Send Good Call    adjust    ${service}    expect=401 token_revoked

A Revoked Token Is Refused Whoever It Belongs To
    [Documentation]    3.5 S, 2.11 S: what counts is that revoked:{jti} is there.
    [Setup]    Run Keywords    Prepare Tokens Of Each Kind    AND    Require Part    redis    disposable data
    ${unknown}    New Id
    ${service}    Forged Token    ${GOOD SERVICE}    signed_by=target    jti=(new)
    Read Reservation    ${unknown}    by=${service}    expect=404
    Mark As Revoked    ${service}
    Read Reservation    ${unknown}    by=${service}    expect=401 token_revoked
    ${administrator}    Forged Token    ${ADMINISTRATOR}    signed_by=target    jti=(new)
    Send Good Call    adjust    ${administrator}    expect=400|404
    Mark As Revoked    ${administrator}
    Send Good Call    adjust    ${administrator}    expect=401 token_revoked

A Token Signed With The Target's Key Is As Good As A Login
    [Documentation]    2.10 S: what makes a token good is its signature and claims, not where it was made.
    Add Items    ${PLAYER}    1 diamond
    ${token}    Forged Token    ${PLAYER}    signed_by=target    jti=(new)
    ${answer}    Read Inventory    ${token}
    Items Should Be    ${answer}    items    1 diamond

A Good Token's Claims Are Not Told To Others By An Error
    [Documentation]    6.1 H: refusals are JSON with a code and a message, and repeat no part of the token.
    [Tags]    hardening
    ${token}    Forged Token    ${PLAYER}    sub=(new)
    ${answer}    Read Inventory    ${token}    expect=401 invalid_token_signature
    Should Not Contain Any    ${answer.text}    @{token.value.split(".")}    values=False
    ...    msg=The refusal repeats a part of the token (6.1)

A Token That Was Just Good Ends With Its Time Like Any Other
    [Documentation]    3.3 S: once a token is expired that nobody has shown, one that was shown before is too, a
    ...    service's like a player's.
    [Tags]    long
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    Skip Where Tokens Are Good For Longer Than A Minute After Their End    ${PLAYER}
    VAR    ${end}    ${{ int(time.time()) + 2 }}
    ${shown}    Forged Token    ${PLAYER}    signed_by=target    exp=${end}    jti=(new)
    ${answer}    Read Inventory    ${shown}    expect=200|401
    Skip If    $answer.status != 200    the target's clock is ahead: a token of two seconds is never good there
    ${service}    Service Token That Ends At    ${end}
    Wait Until Keyword Succeeds    70 s    100 ms    A New Token Should Be Expired    ${PLAYER}    ${end}
    Read Inventory    ${shown}    expect=401 token_expired|invalid_token_signature
    IF    $service is not None
        Send Good Call    reservation    ${service}    expect=401 token_expired|invalid_token_signature
    END

Calls Of Each Kind Have A Guard Of Their Own
    [Documentation]    1.1 S, 3.1 S: where the network guards one kind, the other still needs a token.
    [Tags]    long
    [Setup]    Require Part    split shape    services of its own
    [Template]    Guards Should Be
    # of internal calls    of admin calls    what a call of nobody gets
    none    token    400    401
    token    none    401    400
    [Teardown]    NONE


*** Keywords ***
Service Token That Ends At
    [Documentation]    A service's token that was just shown and is good until then; none where the network guards.
    [Arguments]    ${end}
    ${service}    Get A Service Token
    IF    $service is None    RETURN    ${NONE}
    ${token}    Forged Token    ${service}    signed_by=target    exp=${end}    jti=(new)
    Send Good Call    reservation    ${token}    expect=404|401
    RETURN    ${token}

Skip Where Tokens Are Good For Longer Than A Minute After Their End
    [Documentation]    For then it would take too long to see them end. Hardening asks for less (3.3).
    [Arguments]    ${player}
    ${token}    Forged Token    ${player}    signed_by=target    exp=now - 65    jti=(new)
    ${answer}    Read Inventory    ${token}    expect=200|401
    Skip If    ${answer.status} == 200    the target's clock has a leeway of over a minute for tokens

A New Token Should Be Expired
    [Documentation]    Fails unless a token that nobody has shown yet is refused, whose time ends then.
    [Arguments]    ${player}    ${end}
    ${token}    Forged Token    ${player}    signed_by=target    exp=${end}    jti=(new)
    Read Inventory    ${token}    expect=401 token_expired|invalid_token_signature

Service's Token Should Be Checked By
    [Documentation]    Fails unless a call lets a service's token in, and neither one that a stranger has signed nor one
    ...    that was revoked (3.3, 3.5).
    [Arguments]    ${call}
    ${good}    Forged Token    ${GOOD SERVICE}    signed_by=target    jti=(new)
    Send Good Call    ${call}    ${good}    expect=200|400|404
    ${stranger}    Forged Token    ${good}    signed_by=stranger
    Send Good Call    ${call}    ${stranger}    expect=401 invalid_token_signature
    Mark As Revoked    ${good}
    Send Good Call    ${call}    ${good}    expect=401 token_revoked

Mark As Revoked
    [Documentation]    Puts a token's revoked:{jti} into Redis, as the auth service does (2.11).
    [Arguments]    ${token}
    VAR    &{why}    reason=user_reauth    revoked_at=2026-01-01T00:00:00Z
    Keep In Redis    revoked:${token.claims}[jti]    ${why}    600

Header Should Be Refused At
    [Documentation]    Fails unless a call refuses this header, in which TOKEN stands for the player's token. Skips it
    ...    where the network is its guard.
    [Arguments]    ${call}    ${header}
    ${asks}    Call Asks For A Token    ${call}
    Skip If    not ${asks}    the network is the guard of ${call}
    ${sent}    With Token    ${header}    ${PLAYER}
    VAR    &{headers}    Authorization=${sent}
    Send Good Call    ${call}    headers=${headers}    expect=401 invalid_token_format

Prepare Tokens Of Each Kind
    [Documentation]    ${GOOD SERVICE} and ${ADMINISTRATOR}, who are let in as they are.
    Give The Test A Player
    Require Part    signing key    service tokens    admin tokens
    Need One Administrator
    ${service}    Get A Service Token
    ${unknown}    New Id
    Read Reservation    ${unknown}    by=${service}    expect=404
    Send Good Call    adjust    ${ADMINISTRATOR}    expect=400|404
    VAR    ${GOOD SERVICE}    ${service}    scope=TEST

Token Of Each Kind Should Be Refused
    [Documentation]    Fails unless a service's and an administrator's token, changed like this, are refused so.
    [Arguments]    ${expect}    ${signed_by}=target    &{changes}
    ${service}    Forged Token    ${GOOD SERVICE}    signed_by=${signed_by}    &{changes}
    Send Good Call    reserve    ${service}    expect=${expect}
    ${administrator}    Forged Token    ${ADMINISTRATOR}    signed_by=${signed_by}    &{changes}
    Send Good Call    adjust    ${administrator}    expect=${expect}

Guards Should Be
    [Documentation]    Fails unless a service that is set up so answers nobody's calls so.
    [Arguments]    ${internal}    ${admin}    ${reserve}    ${adjust}
    ${instance}    Start An Instance    INTERNAL_AUTH=${internal}    ADMIN_AUTH=${admin}
    Send Good Call    reserve    ${NONE}    at=${instance}    expect=${reserve}
    Send Good Call    adjust    ${NONE}    at=${instance}    expect=${adjust}
