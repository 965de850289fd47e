*** Settings ***
Documentation    What a login does whichever way it came: by Telegram, which is the only one of production, or by the
...              development login, which most tests take (contract 2.1, 2.2, 2.10, 2.11, 3.5). A way that the target
...              does not have is left out.

Resource         ../../resources/logins.resource

Suite Setup      Know The Ways To Log In

Test Tags        auth


*** Test Cases ***
A Login's Answer Tells The User And Until When
    [Documentation]    2.1 S, 2.2 S.
    [Template]    Login Should Tell The User
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

A Token Says Who Its Owner Is And Lives For A Day
    [Documentation]    2.10 S: in whichever way they log in, for the first time and again.
    [Template]    Both Tokens Should Be Good
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

The Number Of A User May Be A Small One
    [Documentation]    2.1 S, 2.2 S: any above zero.
    [Setup]    Require Part    disposable data
    [Template]    Number Should Be Taken
    FOR    ${way}    IN    @{WAYS}
        ${way}    ${{ random.randint(1, 999) }}
    END

Redis Knows An Active Token And Its Owner
    [Documentation]    2.11 S: active:{jti} and user_tokens:{user_id}, which live as long as the token.
    [Setup]    Require Part    redis
    [Template]    Redis Should Know Both Tokens
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

The Note Of A Token Tells From When And Until When It Is Good
    [Documentation]    2.11 S: issued_at and expires_at of active:{jti} are the token's own.
    [Setup]    Require Part    redis
    [Template]    Note Should Tell The Token's Times
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

A User Who Is Known Is Found Whatever Else Is Forgotten
    [Documentation]    2.1 S, 2.2 S: Redis has no tokens of theirs. The user is found, not new.
    [Setup]    Require Part    redis    disposable data
    [Template]    User Without Tokens Should Be Found
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

A New Login Revokes The User's Earlier Tokens
    [Documentation]    2.11 S, 3.5 S.
    [Template]    Earlier Token Should Be Refused
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

A New Login Revokes Each Earlier Token And Says Why
    [Documentation]    2.11 S, 3.5 S: revoked:{jti} with reason user_reauth, which lives as long as the token did.
    [Setup]    Require Part    redis
    [Template]    Earlier Tokens Should Be Noted As Revoked
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

Each Login Of A User Is Dated
    [Documentation]    2.1 S, 2.2 S: last_login_at in auth.users.
    [Setup]    Require Part    database
    [Template]    Second Login Should Be Dated
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

A User Was Created When They First Logged In
    [Documentation]    2.1 S, 2.2 S: created_at in auth.users, which later logins leave as it is.
    [Setup]    Require Part    database
    [Template]    Date Of Creation Should Stay
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

First Logins At The Same Instant Find One New User
    [Documentation]    2.1 S, 2.2 S: whichever comes first makes the user, and all are answered.
    [Setup]    Require Part    many logins at one instant
    [Template]    First Logins At Once Should Be Of One User
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

First Logins That Have All Found Nobody Make One New User
    [Documentation]    2.1 S, 2.2 S: each has looked for the user before any other has made it.
    [Setup]    Require Part    database    disposable data    many logins at one instant
    [Template]    Repeat Keyword
    FOR    ${way}    IN    @{WAYS}
        3 times    First Logins In Vain Should Be Of One User    ${way}
    END

Of First Logins That Have All Found Nobody One Alone Is That Of A New User
    [Documentation]    2.1 S, 2.11 H: a login is one step, and whoever is new may get a present once.
    [Tags]    hardening
    [Setup]    Require Part    database    disposable data    many logins at one instant
    [Template]    One First Login Alone Should Be Told As New
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

Logins At One Instant Each Tell Their Own User
    [Documentation]    2.1 S, 2.2 S, 2.10 S: the user in the answer is the token's, whose signature and id are its own.
    [Tags]    long
    [Setup]    Require Part    many logins at one instant
    [Template]    Logins Of Many Should Tell Their Own Users
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

Logins At The Same Instant Leave One Good Token
    [Documentation]    2.11 H: revoking the earlier tokens is one step with the new one.
    [Tags]    hardening    concurrency
    [Setup]    Require Part    many logins at one instant
    [Template]    Logins At Once Should Leave One Good Token
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END


*** Keywords ***
Login Should Tell The User
    [Documentation]    Fails unless a first login by this way tells who it is of, and until when its token is good.
    [Arguments]    ${way}
    ${player}    Log In    way=${way}
    ${answer}    Last Answer
    Answer Should Have    ${answer}    success true    token text    expires_at given    user.id uuid
    ...    user.telegram_id count    user.first_name ${{ "any" if $way == "dev" else "text" }}    user.is_new_user true
    Should Be Equal    ${answer.body}[user][telegram_id]    ${player.telegram_id}
    ...    The login is another user's (2.1)
    End Should Be    ${answer.body}[expires_at]    ${player.token.claims}[exp]

Both Tokens Should Be Good
    [Documentation]    Fails unless the tokens of a first login by this way and of another are as promised (2.10).
    [Arguments]    ${way}
    ${player}    Log In    way=${way}
    Token Should Be Good    ${player}
    ${again}    Log In Again    ${player}    way=${way}
    Token Should Be Good    ${again}

Number Should Be Taken
    [Documentation]    Fails unless a login by this way of the user of Telegram who has this number is let in as theirs.
    [Arguments]    ${way}    ${telegram_id}
    ${player}    Log In    ${telegram_id}    ${way}
    Should Be Equal    ${player.token.claims}[telegram_id]    ${telegram_id}    The login is another user's (2.1)

Redis Should Know Both Tokens
    [Documentation]    Fails unless Redis notes the tokens of a first login by this way and of another (2.11).
    [Arguments]    ${way}
    ${player}    Log In    way=${way}
    Redis Should Know The Token Of    ${player}
    ${again}    Log In Again    ${player}    way=${way}
    Redis Should Know The Token Of    ${again}

Note Should Tell The Token's Times
    [Documentation]    Fails unless the note of a login by this way tells from when to when its token is good (2.11).
    [Arguments]    ${way}
    ${player}    Log In    way=${way}
    ${active}    Kept In Redis    active:${player.token.claims}[jti]
    End Should Be    ${active}[expires_at]    ${player.token.claims}[exp]
    ${issued}    Instant Of    ${active}[issued_at]
    Should Be True    $issued is None or abs($issued - ${player.token.claims}[iat]) <= 1
    ...    issued_at is ${active}[issued_at], not when the token was issued (2.11)

User Without Tokens Should Be Found
    [Documentation]    Fails unless a user of whom Redis has forgotten all tokens is found by another login this way.
    [Arguments]    ${way}
    ${player}    Log In    way=${way}
    Ask Redis    DEL    user_tokens:${player.user_id}
    Ask Redis    DEL    active:${player.token.claims}[jti]
    ${again}    Log In Again    ${player}    way=${way}
    Should Not Be True    ${again.is_new}    A user of whom Redis has no tokens is called new by ${way} (2.1)

Earlier Token Should Be Refused
    [Documentation]    Fails unless a second login by this way ends the token of the first, which was good.
    [Arguments]    ${way}
    ${first}    Log In    way=${way}
    Read Inventory    ${first}
    ${second}    Log In Again    ${first}    way=${way}
    Read Inventory    ${first}    expect=401 token_revoked
    Read Inventory    ${second}

Earlier Tokens Should Be Noted As Revoked
    [Documentation]    Fails unless the third login by this way finds two tokens that were noted as revoked, and its own
    ...    is not.
    [Arguments]    ${way}
    ${first}    Log In    way=${way}
    ${second}    Log In Again    ${first}    way=${way}
    ${third}    Log In Again    ${first}    way=${way}
    Token Should Be Revoked By A Login    ${first}
    Token Should Be Revoked By A Login    ${second}
    ${revoked}    Kept In Redis    revoked:${third.token.claims}[jti]
    Should Be Equal    ${revoked}    ${NONE}    The newest token is revoked too (2.11)
    Read Inventory    ${third}

Token Should Be Revoked By A Login
    [Documentation]    Fails unless Redis says that and why a token was revoked, for as long as it lives.
    [Arguments]    ${ended}
    ${revoked}    Kept In Redis    revoked:${ended.token.claims}[jti]
    Should Not Be Equal    ${revoked}    ${NONE}    Redis keeps no revoked: of a token that a login ended (2.11)
    Should Be Equal    ${revoked.get("reason")}    user_reauth    The reason is another (2.11)
    Dictionary Of Redis Should Have    ${revoked}    revoked_at
    ${at}    Instant Of    ${revoked}[revoked_at]
    Should Be True    $at is None or $ended.token.claims["iat"] - 300 <= $at <= $ended.token.claims["exp"]
    ...    revoked_at is ${revoked}[revoked_at], not a time in the token's life (2.11)
    ${seconds}    Time To Live    revoked:${ended.token.claims}[jti]
    Should Be True    86000 < ${seconds} <= 87000    revoked: lives for ${seconds} s, the token for 86400 (2.11)
    Read Inventory    ${ended}    expect=401 token_revoked

Second Login Should Be Dated
    [Documentation]    Fails unless a user's second login by this way is dated later than the first (2.1).
    [Arguments]    ${way}
    ${player}    Log In    way=${way}
    ${first}    Time Of User    ${player}    last_login_at
    # Of its precision no rule speaks, nor of when it is written.
    Wait Until Keyword Succeeds    15 s    600 ms    Another Login Should Be Dated    ${player}    ${first}    ${way}

Another Login Should Be Dated
    [Documentation]    Fails unless a user logged in later than that, once they log in again (2.1).
    [Arguments]    ${player}    ${first}    ${way}
    Log In Again    ${player}    way=${way}
    ${second}    Time Of User    ${player}    last_login_at
    Should Be True    $second is not None and ($first is None or $second > $first)
    ...    last_login_at is ${second} after a login by ${way}, and was ${first} before it (2.1)

Date Of Creation Should Stay
    [Documentation]    Fails unless a second login by this way leaves it as it was when the user was created.
    [Arguments]    ${way}
    ${player}    Log In    way=${way}
    ${first}    Time Of User    ${player}    created_at
    # Without a time zone it may be told by any.
    Should Be True    $first and abs(datetime.datetime.now($first.tzinfo) - $first) < datetime.timedelta(days=2)
    ...    created_at of who is new is ${first} (2.1)
    Log In Again    ${player}    way=${way}
    ${second}    Time Of User    ${player}    created_at
    Should Be Equal    ${first}    ${second}    created_at was changed by another login by ${way} (2.1)

First Logins At Once Should Be Of One User
    [Documentation]    Fails unless first logins by this way at one instant are all answered, and of one new user.
    [Arguments]    ${way}
    ${telegram_id}    New Telegram Id
    ${logins}    Prepare    8    Log In    ${telegram_id}    ${way}
    ${answers}    Send Together    ${logins}
    Answers Should Be    ${answers}    200=8
    They Should Be Of One New User    ${answers}

First Logins In Vain
    [Documentation]    Answers to first logins by this way of one user, none of whom has found the user: as if all had
    ...    looked at once.
    [Arguments]    ${way}
    ${telegram_id}    New Telegram Id
    ${logins}    Prepare    8    Log In    ${telegram_id}    ${way}
    ${answers}    Send Together Before Any Row Is Written    ${logins}    table=auth.users
    RETURN    ${answers}

First Logins In Vain Should Be Of One User
    [Documentation]    Fails unless first logins that have all found nobody are answered, and of one new user.
    [Arguments]    ${way}
    ${answers}    First Logins In Vain    ${way}
    Answers Should Be    ${answers}    200=8
    They Should Be Of One New User    ${answers}

One First Login Alone Should Be Told As New
    [Documentation]    Fails unless one of first logins that have all found nobody says that its user is new.
    [Arguments]    ${way}
    ${answers}    First Logins In Vain    ${way}
    VAR    ${new}    ${{ [answer.member("user.is_new_user") for answer in $answers].count(True) }}
    Should Be Equal As Integers    ${new}    1
    ...    One user was made, and ${new} logins by ${way} say that theirs is new (2.1)

Logins Of Many Should Tell Their Own Users
    [Documentation]    Fails unless each of many logins by this way at one instant is of the user whom it tells.
    [Arguments]    ${way}
    ${logins}    Prepare For Each    ${{ random.sample(range(2**40), 24) }}    Log In    way=${way}
    ${answers}    Send Together    ${logins}
    Answers Should Be    ${answers}    200=24
    VAR    @{tokens}    @{EMPTY}
    FOR    ${answer}    IN    @{answers}
        ${token}    Token    ${answer.body}[token]
        VAR    @{tokens}    @{tokens}    ${token}
        VAR    ${told}    ${{ [str($answer.body["user"]["id"]), int($answer.body["user"]["telegram_id"])] }}
        VAR    ${meant}    ${{ [$token.claims["sub"], $token.claims["telegram_id"]] }}
        Should Be Equal    ${told}    ${meant}    A login's answer by ${way} tells another user than its token (2.1)
    END
    Tokens Of One Instant Should Be Good    ${tokens}

Tokens Of One Instant Should Be Good
    [Documentation]    Fails unless each of these tokens is signed, has an id of its own, and is let in (2.10).
    [Arguments]    ${tokens}
    ${keys}    Published Keys
    FOR    ${token}    IN    @{tokens}
        Verified Claims    ${token}    ${keys}
    END
    VAR    ${ids}    ${{ {token.claims["jti"] for token in $tokens} }}
    Length Should Be    ${ids}    ${{ len($tokens) }}    Of ${{ len($tokens) }} tokens some have one jti (2.10)
    ${reads}    Prepare For Each    ${tokens}    Read Inventory
    ${answers}    Send Together    ${reads}
    Each Answer Should Be    ${answers}    200

Logins At Once Should Leave One Good Token
    [Documentation]    Fails unless of a user's logins by this way at one instant one has a token that is good.
    [Arguments]    ${way}
    ${telegram_id}    New Telegram Id
    ${logins}    Prepare    10    Log In    ${telegram_id}    ${way}
    ${answers}    Send Together    ${logins}
    Answers Should Be    ${answers}    200=10
    One Token Alone Should Be Good    ${answers}
