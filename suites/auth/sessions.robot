*** Settings ***
Documentation    What a login leaves behind: the user, the tokens that Redis knows, and what ends them (contract 2.1,
...              2.10, 2.11, 3.5).

Resource         ../../resources/tokens.resource
Resource         ../../resources/operations.resource

Test Tags        auth


*** Test Cases ***
Each Login Gets A Token Of Its Own
    [Documentation]    2.10 S, 2.11 S: another jti each time.
    ${first}    Log In
    ${second}    Log In Again    ${first}
    Should Not Be Equal    ${first.token.claims}[jti]    ${second.token.claims}[jti]    Two logins have one jti (2.10)

Who Comes Back After Their Token Has Ended Is Let In
    [Documentation]    2.1 S, 2.2 S, 2.11 S: of the tokens in the user's list Redis has no note any more, or never had.
    [Setup]    Require Part    redis    disposable data
    ${player}    Log In
    Ask Redis    DEL    active:${player.token.claims}[jti]
    Ask Redis    SADD    user_tokens:${player.user_id}    ${{ str(uuid.uuid4()) }}
    ${again}    Log In Again    ${player}
    Read Inventory    ${again}

A Token Lives For A Day However Old The Init Data Is
    [Documentation]    2.10 S, 2.2 S: 24 h from the login on.
    [Setup]    Require Part    telegram login
    ${data}    Init Data    auth_date=now - 80000
    Send Init Data    ${data}
    ${answer}    Last Answer
    ${token}    Token    ${answer.body}[token]
    VAR    ${seconds}    ${{ $token.claims["exp"] - $token.claims["iat"] }}
    Should Be Equal As Integers    ${seconds}    86400    The token does not live for 24 h (2.10)
    VAR    ${left}    ${{ $token.claims["exp"] - time.time() }}
    Should Be True    86000 < ${left} < 87000    The token lives for ${left} s from its login on, not for 24 h (2.10)
    End Should Be    ${answer.body}[expires_at]    ${token.claims}[exp]
    Read Inventory    ${token}

Init Data Is Good For More Than One Login
    [Documentation]    2.2 S: as long as auth_date is no older than 24 h, for who opens the game again.
    [Setup]    Require Part    telegram login
    ${data}    Init Data
    FOR    ${_}    IN RANGE    3
        Send Init Data    ${data}
        ${answer}    Last Answer
        ${token}    Token    ${answer.body}[token]
        Read Inventory    ${token}
    END

Logins And Reads Go On Though Redis Has Forgotten Its Scripts
    [Documentation]    2.1 S, 4.3 S, 5.3 S: as after a restart of Redis.
    [Setup]    Require Part    redis    disposable data
    ${player}    Log In
    Add Items    ${player}    5 stone
    Inventory Should Be    ${player}    5 stone
    Ask Redis    SCRIPT    FLUSH
    ${again}    Log In Again    ${player}
    Inventory Should Be    ${again}    5 stone
    Add Items    ${again}    1 stone
    Inventory Should Be    ${again}    6 stone

Redis Knows A User's Tokens For As Long As They Live
    [Documentation]    2.11 S: user_tokens:{user_id}, without which no login would revoke the earlier ones.
    [Setup]    Require Part    redis
    ${player}    Log In
    ${seconds}    Time To Live    user_tokens:${player.user_id}
    Should Be True    ${seconds} == -1 or ${seconds} > 86000
    ...    user_tokens: lives for ${seconds} s, the token for 86400 (2.11)

A Token Of Which Redis Has Lost The Note Is Revoked Like Any Other
    [Documentation]    2.11 H, 2.11 S, 2.4 H: by a login, for the set of a user's tokens tells it, and by a logout.
    ...    Whether a token without active:{jti} is still one, a deployment may see otherwise.
    [Tags]    hardening
    [Setup]    Require Part    redis    disposable data
    ${player}    Log In
    Ask Redis    DEL    active:${player.token.claims}[jti]
    ${again}    Log In Again    ${player}
    Read Inventory    ${player.token}    expect=401 token_revoked
    Read Inventory    ${again}
    Ask Redis    DEL    active:${again.token.claims}[jti]
    Log Out    ${again}
    Read Inventory    ${again.token}    expect=401 token_revoked
    ${seconds}    Time To Live    revoked:${again.token.claims}[jti]
    Should Be True    ${seconds} == -1 or ${seconds} > 80000    The revocation ends in ${seconds} s, its token later

A Revocation Is Kept For As Long As Its Token Lives
    [Documentation]    2.11 S: of a token that ends sooner than those of today's logins.
    [Setup]    Give The Test A Token That Ends Sooner
    Log In Again    ${PLAYER}
    Revocation Should Live For Half An Hour    ${ENDING}
    Read Inventory    ${ENDING}    expect=401 token_revoked
    Log In Again    ${PLAYER}
    Revocation Should Live For Half An Hour    ${ENDING}

A Later Login Tells Its Own Times
    [Documentation]    2.1 S, 2.2 S, 2.11 S: until when its token is good, and when the earlier one was revoked.
    [Setup]    Give The Test A Token That Ends Sooner
    ${again}    Log In Again    ${PLAYER}
    ${answer}    Last Answer
    End Should Be    ${answer.body}[expires_at]    ${again.token.claims}[exp]
    ${revoked}    Kept In Redis    revoked:${ENDING.claims}[jti]
    ${at}    Instant Of    ${revoked}[revoked_at]
    Should Be True    $at is None or abs($at - $again.token.claims["iat"]) < 300
    ...    revoked_at is ${revoked}[revoked_at], not when the token was revoked (2.11)

A New Login Revokes All Of Several Earlier Tokens
    [Documentation]    2.11 S: two may be good after logins at one instant, which only hardening has in one step.
    [Setup]    Require Part    redis    disposable data
    ${first}    Log In
    VAR    ${jti}    ${first.token.claims}[jti]
    ${note}    Ask Redis    GET    active:${jti}
    ${second}    Log In Again    ${first}
    Ask Redis    DEL    revoked:${jti}
    Ask Redis    SET    active:${jti}    ${note}    EX    86000
    Ask Redis    SADD    user_tokens:${first.user_id}    ${jti}
    Log In Again    ${first}
    Read Inventory    ${first}    expect=401 token_revoked
    Read Inventory    ${second}    expect=401 token_revoked

The List Of A User's Tokens Lives As Long As The Last Of Them
    [Documentation]    2.11 S: what would end in ten minutes is good for a day once there is another token.
    [Setup]    Require Part    redis    disposable data
    ${player}    Log In
    ${seconds}    Time To Live    user_tokens:${player.user_id}
    Skip If    ${seconds} == -1    it has no end here
    Ask Redis    EXPIRE    user_tokens:${player.user_id}    600
    Log In Again    ${player}
    ${seconds}    Time To Live    user_tokens:${player.user_id}
    Should Be True    ${seconds} == -1 or ${seconds} > 86000    user_tokens: ends in ${seconds} s, a token in it later

A Revocation Stays As It Was When The User Logs In Again
    [Documentation]    2.4 H, 2.11 S: it says why and when its token was revoked.
    [Tags]    hardening
    [Setup]    Require Part    redis
    ${player}    Log In
    Log Out    ${player}
    ${said}    Kept In Redis    revoked:${player.token.claims}[jti]
    Log In Again    ${player}
    ${says}    Kept In Redis    revoked:${player.token.claims}[jti]
    Should Be Equal    ${says}    ${said}    The next login has revoked the token once more (2.11)

A Token Is Refused Whatever It Was Revoked For
    [Documentation]    3.5 S: that revoked:{jti} exists is enough.
    [Setup]    Require Part    redis
    [Template]    Token Should Be Refused Once It Is Kept As Revoked
    # what Redis keeps of it
    {"reason": "banned", "revoked_at": "2026-01-01T00:00:00Z"}
    {"reason": "logout", "revoked_at": "2026-01-01T00:00:00Z"}
    {}
    ${EMPTY}

The Note Of A Service's Token Lives As Long As The Token
    [Documentation]    2.3 H, 2.11 S.
    [Tags]    hardening
    [Setup]    Require Part    redis    service credentials
    ${service}    Get A Service Token
    ${seconds}    Time To Live    active:${service.claims}[jti]
    VAR    ${left}    ${{ $service.claims["exp"] - time.time() }}
    Should Be True    abs(${seconds} - ${left}) < 120    active: lives for ${seconds} s, the token for ${left} (2.11)

A Revoked Token Costs Nobody Anything Who Calls At The Same Instant
    [Documentation]    3.5 S: each is answered by their own token.
    ${revoked}    Log In
    Log In Again    ${revoked}
    VAR    @{players}    @{EMPTY}
    FOR    ${_}    IN RANGE    8
        ${player}    Create Player
        VAR    @{players}    @{players}    ${player}
    END
    ${good}    Prepare For Each    ${{ $players * 5 }}    Read Inventory
    ${bad}    Prepare    40    Read Inventory    ${revoked}
    ${answers}    Send Together    ${good}    ${bad}
    Answers Should Be    ${answers}    200=40    token_revoked=40

A New Login Leaves Other Users' Tokens Alone
    [Documentation]    2.11 S.
    ${other}    Log In
    ${player}    Log In
    Log In Again    ${player}
    Read Inventory    ${other}

A Revoked Token Is Refused On Every Path
    [Documentation]    3.5 S.
    [Setup]    Require Part    service tokens    admin tokens
    ${revoked}    Log In
    Log In Again    ${revoked}
    Read Inventory    ${revoked}    expect=401 token_revoked
    ${unknown}    New Id
    Read Reservation    ${unknown}    by=${revoked}    expect=401 token_revoked
    Token Should Not Write    ${revoked}    401 token_revoked    401 token_revoked

The Checks Of A Token Come In Their Order
    [Documentation]    3.3 S, 3.4 S, 3.5 S, 3.6 S: of two things that are wrong with a token the earlier rule's is told,
    ...    on each path that asks for one.
    [Setup]    Prepare A Revoked Token
    [Template]    Revoked Token Should Be Refused
    # the answer    what else is wrong with the revoked token, signed with the target's key
    401 token_expired|invalid_token_signature    exp=now - 3600
    401 token_revoked    telegram_id=(missing)
    401 token_revoked    sub=(missing)
    401 missing_token_id    jti=(missing)    sub=(missing)

A Token That Was Just Good Is Refused Once It Is Revoked
    [Documentation]    3.5 S, law 6: what is remembered of a token does not outlive it, at any instance.
    ${player}    Log In
    ${instances}    Target Setting    instances
    FOR    ${instance}    IN    @{instances}
        Read Inventory    ${player}    at=${instance}
        Read Inventory    ${player}    at=${instance}
    END
    Log In Again    ${player}
    FOR    ${instance}    IN    @{instances}
        Read Inventory    ${player}    at=${instance}    expect=401 token_revoked
    END

A Token That Expires While It Is Used Is Refused From Then On
    [Documentation]    3.3 H: nothing that is remembered of a token lets it in for more than 30 s beyond its end.
    [Tags]    hardening    long
    [Setup]    Require Part    signing key
    ${player}    Create Player
    ${token}    Forged Token    ${player}    signed_by=target    exp=now + 2    jti=(new)
    ${answer}    Read Inventory    ${token}    expect=200|401
    Skip If    $answer.status != 200    the target's clock is ahead: a token of two seconds is never good there
    Wait Until Keyword Succeeds    40 s    100 ms    Read Inventory    ${token}
    ...    expect=401 token_expired|invalid_token_signature
    Read Inventory    ${player}

What Is Called Otherwise Than A Claim Does Not Take Its Place
    [Documentation]    3.5 S, 2.11 S: where letters count for nothing, the last of two members wins.
    [Setup]    Run Keywords    Require Part    signing key    redis    disposable data
    ...    AND    Give The Test A Player
    ${token}    Forged Token    ${PLAYER}    signed_by=target    jti=(new)    JTI=(new)
    Read Inventory    ${token}
    Keep In Redis    revoked:${token.claims}[jti]    user_logout    600
    Read Inventory    ${token}    expect=401


*** Keywords ***
Token Should Be Refused Once It Is Kept As Revoked
    [Documentation]    Fails unless a token that was just good is refused once Redis keeps this of it as revoked.
    [Arguments]    ${kept}
    ${player}    Log In
    Read Inventory    ${player}
    Ask Redis    SET    revoked:${player.token.claims}[jti]    ${kept}    EX    600
    Read Inventory    ${player}    expect=401 token_revoked

Revocation Should Live For Half An Hour
    [Documentation]    Fails unless what Redis keeps of a token as revoked ends with it, in half an hour (2.11).
    [Arguments]    ${token}
    ${seconds}    Time To Live    revoked:${token.claims}[jti]
    Should Be True    1700 < ${seconds} <= 1900    revoked: lives for ${seconds} s, the token for 1800 (2.11)

Give The Test A Token That Ends Sooner
    [Documentation]    ${PLAYER} has logged in, and ${ENDING} is a token of theirs since 23 and a half hours ago.
    Require Part    redis    signing key    disposable data
    ${player}    Log In
    VAR    ${end}    ${{ int(time.time()) + 1800 }}
    ${token}    Forged Token    ${player}    signed_by=target    iat=${end - 86400}    exp=${end}    jti=(new)
    Keep A Token As Active    ${player}    ${token}    ${end}
    VAR    ${PLAYER}    ${player}    scope=TEST
    VAR    ${ENDING}    ${token}    scope=TEST

Keep A Token As Active
    [Documentation]    Notes a token of a player in Redis like the one of a login, which ends then, a day after it was
    ...    issued.
    [Arguments]    ${player}    ${token}    ${end}
    ${like}    Kept In Redis    active:${player.token.claims}[jti]
    VAR    ${others}    ${{ set($like) - {"user_id", "telegram_id", "issued_at", "expires_at"} }}
    Skip If
    ...    $others
    ...    what a login keeps in Redis has more than 2.11 names, so another's cannot be written: ${others}
    ${ends}    Told Like    ${like}[expires_at]    ${end}
    ${issued}    Told Like    ${like}[issued_at]    ${end - 86400}
    VAR    ${note}    ${{ {**$like, "expires_at": $ends, "issued_at": $issued} }}
    Keep In Redis    active:${token.claims}[jti]    ${note}    1800
    Ask Redis    SADD    user_tokens:${player.user_id}    ${token.claims}[jti]

Told Like
    [Documentation]    An instant in the form in which another time is told. Skips the test when that is not known.
    [Arguments]    ${like}    ${seconds}
    ${as_number}    Instant Of    ${like}
    Skip If    $as_number is None    times are kept in Redis in a form that is not known here: ${like}
    IF    not isinstance($like, str)
        RETURN    ${{ $seconds * (1000 if $like > 1e11 else 1) }}
    END
    IF    $like.isdigit()
        RETURN    ${{ str($seconds * (1000 if float($like) > 1e11 else 1)) }}
    END
    VAR    ${zone}    ${{ datetime.datetime.fromisoformat($like).tzinfo or datetime.UTC }}
    VAR    ${time}    ${{ datetime.datetime.fromtimestamp($seconds, $zone).isoformat($like[10]) }}
    RETURN    ${{ $time[:19] + $like[19:] }}

Prepare A Revoked Token
    [Documentation]    ${REVOKED} is a login that another one has ended.
    Require Part    signing key
    ${revoked}    Log In
    Log In Again    ${revoked}
    VAR    ${REVOKED}    ${revoked}    scope=TEST

Revoked Token Should Be Refused
    [Documentation]    Fails unless a player's, a service's and an administrator's path refuse the token so, those that
    ...    ask for one.
    [Arguments]    ${expect}    &{changes}
    ${token}    Forged Token    ${REVOKED}    signed_by=target    &{changes}
    FOR    ${call}    IN    read    add-items    adjust
        ${asks}    Call Asks For A Token    ${call}
        IF    ${asks}
            Send Good Call    ${call}    ${token}    expect=${expect}
        END
    END
