*** Settings ***
Documentation    Logging in both ways, logging out, and what a login is worth (contract, section 2).

Resource         ../../resources/operations.resource
Resource         ../../resources/validation.resource

Test Tags        auth


*** Test Cases ***
A Development Login Finds Or Creates The User
    [Documentation]    2.1 S.
    [Setup]    Require Part    dev login
    ${telegram_id}    New Telegram Id
    ${first}    Log In    ${telegram_id}    dev
    ${again}    Log In    ${telegram_id}    dev
    Should Be True    ${first.is_new}    The first login of a user says is_new_user false (2.1)
    Should Not Be True    ${again.is_new}    The second login finds the user (2.1)
    Should Be Equal    ${again.user_id}    ${first.user_id}    The user's id at the second login (2.1)

A Telegram Login With Signed Init Data Finds Or Creates The User
    [Documentation]    2.2 S.
    [Setup]    Require Part    telegram login
    ${telegram_id}    New Telegram Id
    ${first}    Log In    ${telegram_id}    telegram
    Read Inventory    ${first}
    ${again}    Log In    ${telegram_id}    telegram
    Should Be True    ${first.is_new}    The first login of a user says is_new_user false (2.2)
    Should Not Be True    ${again.is_new}    The second login finds the user (2.2)
    Should Be Equal    ${again.user_id}    ${first.user_id}    The user's id at the second login (2.1)

A Telegram Login Tells The User By The Names That It Came With
    [Documentation]    2.2 S: in whatever script.
    [Setup]    Require Part    telegram login
    ${telegram_id}    New Telegram Id
    VAR    ${name}    Łukasz "Ω" & <Sons> O'Hara 100% Maximilian-Alexander the Third
    VAR    ${username}    lucas_${telegram_id}
    ${data}    Init Data    ${telegram_id}    user.username=${username}    user.first_name=${name}
    ${answer}    Send Init Data    ${data}
    Should Be Equal    ${answer.body}[user][telegram_id]    ${telegram_id}    The login is another user's (2.2)
    Should Be Equal    ${answer.body}[user][username]    ${username}    The login tells another user name (2.2)
    Should Be Equal    ${answer.body}[user][first_name]    ${name}    The login tells another first name (2.2)

A Login Heeds No Token
    [Documentation]    2.1 S, 2.2 S: whoever logs in may still carry one that is good no more.
    VAR    &{old}    Authorization=Bearer of.an.old-one
    Log In    headers=${old}

Two Users Of Telegram May Have One Name
    [Documentation]    2.2 S: names change hands, and the earlier owner's is not refreshed before they log in.
    [Setup]    Require Part    telegram login
    ${one}    New Telegram Id
    ${other}    New Telegram Id
    FOR    ${telegram_id}    IN    ${one}    ${other}
        ${data}    Init Data    ${telegram_id}    user.username=lucas_${one}    user.first_name=Lucas
        ${answer}    Send Init Data    ${data}
        Should Be Equal    ${answer.body}[user][telegram_id]    ${telegram_id}    The login is another user's (2.2)
    END

A Name Of Three Letters Is One
    [Documentation]    2.1 S.
    [Setup]    Require Part    dev login
    ${telegram_id}    New Telegram Id
    VAR    &{body}    telegram_id=${telegram_id}    username=Bob
    ${answer}    Send Dev Login    ${body}
    Should Be Equal    ${answer.body}[user][username]    Bob    The login tells another name (2.1)

A Token Says What Its Owner May Do And Which Key Signed It
    [Documentation]    2.10 H: roles, none of a player, and kid.
    [Tags]    hardening
    ${player}    Log In
    ${administrator}    Create Administrator
    Should Be Equal    ${player.token.claims}[roles]    ${{ [] }}    A player has roles (2.10)
    Should Be Equal    ${administrator.token.claims}[roles]    ${{ ["admin"] }}    The administrator's differ (2.10)
    ${answer}    Read Key Set
    Should Contain    ${{ [key["kid"] for key in $answer.body["keys"]] }}    ${player.token.header}[kid]
    ...    The token names no published key (2.10)

Both Ways Of Logging In Lead To The Same User
    [Documentation]    2.1 S, 2.2 S, 2.11 S: a user is a telegram_id, and has one token, however they logged in.
    [Setup]    Require Part    dev login    telegram login
    ${telegram_id}    New Telegram Id
    ${by_telegram}    Log In    ${telegram_id}    telegram
    ${by_dev}    Log In    ${telegram_id}    dev
    Should Be Equal    ${by_dev.user_id}    ${by_telegram.user_id}    The user's id by the other way (2.1)
    Should Not Be True    ${by_dev.is_new}    A user whom Telegram brought is called new (2.1)
    Read Inventory    ${by_telegram}    expect=401 token_revoked
    ${by_telegram}    Log In    ${telegram_id}    telegram
    Read Inventory    ${by_dev}    expect=401 token_revoked
    Read Inventory    ${by_telegram}

Telegram Init Data That Is None Is Refused
    [Documentation]    2.2 S.
    [Setup]    Require Part    telegram login
    [Template]    Send Init Data
    # the header    the answer
    ${NONE}    expect=400 missing_init_data
    ${EMPTY}    expect=400 missing_init_data|invalid_init_data_format
    %%%    expect=400|401 invalid_init_data_format|invalid_telegram_signature
    \xff\xfe\xe9    expect=400|401

Telegram Init Data With Anything Wrong Is Refused
    [Documentation]    2.2 S.
    [Setup]    Require Part    telegram login
    [Template]    Init Data Should Be Refused
    # the answer    what is wrong with it
    200
    400|401 invalid_init_data_format|invalid_telegram_signature    text=auth_date=1&user=x
    400 expired_auth_date    auth_date=now - 86500
    401 invalid_telegram_signature    text=DATA&is_premium=true
    401 invalid_telegram_signature    text=DATA&empty=
    401 invalid_telegram_signature    signed_by=nobody
    400|401    text=DATA&user=%7B%22id%22%3A77%2C%22first_name%22%3A%22Somebody%20Else%22%7D
    400|401    text=user=%7B%22id%22%3A77%2C%22first_name%22%3A%22Somebody%20Else%22%7D&DATA
    400|401    auth_date=now - 86500    text=DATA&auth_date=${{ int(time.time()) }}
    400|401    auth_date=now - 86500    text=auth_date=${{ int(time.time()) }}&DATA
    400|401 invalid_init_data_format|invalid_telegram_signature    text=DATA&no_value
    401 invalid_telegram_signature    signed_by=another bot
    401 invalid_telegram_signature    signed_by=another bot    auth_date=now - 86500
    401 invalid_telegram_signature    signed_by=another bot    auth_date=(missing)
    401 invalid_telegram_signature    signed_by=another bot    auth_date=soon
    401 invalid_telegram_signature    signed_by=another bot    user=(missing)
    400    auth_date=(missing)
    400    auth_date=soon
    400    auth_date=-9223372036854775808
    401 invalid_user_data    user=(missing)
    401 invalid_user_data    user=somebody
    401 invalid_user_data    user.id=(missing)
    401 invalid_user_data    user.first_name=(missing)
    401 invalid_user_data    user.first_name=null
    401 invalid_user_data    user.first_name=(missing)    user.First_Name=Jan
    401 invalid_user_data    user.id=(missing)    user.ID=${77}
    200|4xx    user.first_name=${{ "\\u00a0 " }}
    200|4xx    user.first_name=${{ " " * 3 }}
    200|4xx    user.username=${{ " " }}

Telegram Init Data That Was Changed After Signing Is Refused
    [Documentation]    2.2 S: as it was signed it is accepted.
    [Setup]    Run Keywords    Require Part    telegram login
    ...    AND    Log In    way=telegram
    [Template]    Changed Init Data Should Be Refused
    # the answer    the field    its new value
    401 invalid_telegram_signature    hash    FLIPPED
    401 invalid_telegram_signature    hash    SHORTENED
    400|401 invalid_init_data_format|invalid_telegram_signature    hash    é${{ "0" * 63 }}
    400|401 invalid_init_data_format|invalid_telegram_signature    hash    ${EMPTY}
    401 invalid_telegram_signature    query_id    another
    401 invalid_telegram_signature    user    {"id": 77, "first_name": "Somebody Else"}
    400|401 invalid_init_data_format|invalid_telegram_signature    hash    (missing)

A New Login Revokes An Administrator's Earlier Tokens Too
    [Documentation]    2.11 S, 2.12 H.
    [Tags]    hardening
    ${administrator}    Create Administrator
    Log In Again    ${administrator}
    Read Inventory    ${administrator.token}    expect=401 token_revoked

Logins Beyond The Limit Are Refused And Told How Long To Wait
    [Documentation]    2.9 S, 2.6 S: so many a minute from one address, where the target says how many; the public key
    ...    is no login.
    [Setup]    Require Part    login limit
    ${limit}    Target Setting    login_limit
    ${logins}    Prepare    ${{ 2 * $limit + 8 }}    Log In
    ${answers}    Send Together    ${logins}
    Public Key Should Be Told At Once    auth    200|404
    Each Answer Should Be    ${answers}    200|429
    # A new minute may begin meanwhile.
    VAR    @{refused}    @{{ [answer for answer in $answers if answer.status == 429] }}
    Should Be True    len($refused) >= 8    Only ${{ len($refused) }} of the logins at once were refused (2.9)
    VAR    ${answer}    ${refused}[0]
    Should Be Equal    ${answer.outcome}    429 rate_limit_exceeded    The code of the refusal (2.9)
    Retry-After Should Be A Wait    ${answer}    2.9

A Logout Revokes The Caller's Own Token And No Other
    [Documentation]    2.4 H.
    [Tags]    hardening
    ${leaving}    Log In
    ${staying}    Create Player
    Log Out    ${leaving}
    Read Inventory    ${leaving}    expect=401 token_revoked
    Read Inventory    ${staying}
    Log Out    ${leaving}    expect=401 token_revoked
    ${back}    Log In Again    ${leaving}
    Read Inventory    ${back}

A Logout Is Remembered For As Long As The Token Would Have Lived
    [Documentation]    2.4 H, 2.11 S.
    [Tags]    hardening
    [Setup]    Require Part    redis
    ${leaving}    Log In
    Log Out    ${leaving}
    ${seconds}    Time To Live    revoked:${leaving.token.claims}[jti]
    Should Be True    ${seconds} > 86000    The logout is known for ${seconds} s only (2.11)
    ${note}    Kept In Redis    revoked:${leaving.token.claims}[jti]
    Dictionary Of Redis Should Have    ${note}    reason    revoked_at

An Inactive User Cannot Log In
    [Documentation]    2.12 H.
    [Tags]    hardening
    [Setup]    Require Part    database    disposable data
    [Template]    Inactive User Should Not Log In
    # what they are besides
    player
    administrator

A Service Gets A Token For Its Own Credentials Only
    [Documentation]    2.3 H: also where the body says which characters it is made of.
    [Tags]    hardening
    [Setup]    Require Part    service credentials
    ${service}    Target Setting    service_name
    ${secret}    Target Setting    service_secret
    Ask For A Service Token    ${service}    ${secret.value}
    VAR    &{headers}    Content-Type=application/json; charset=utf-8
    Ask For A Service Token    ${service}    ${secret.value}    headers=${headers}
    Ask For A Service Token    ${service}    wrong-secret    expect=401 invalid_service_credentials
    Ask For A Service Token    somebody-else    ${secret.value}    expect=401 invalid_service_credentials
    Ask For A Service Token    ${EMPTY}    ${EMPTY}    expect=401 invalid_service_credentials

A Service Gets No Token For What Is Almost Its Secret
    [Documentation]    2.3 H.
    [Tags]    hardening
    [Setup]    Require Part    service credentials
    ${service}    Target Setting    service_name
    ${secret}    Target Setting    service_secret
    Ask For A Service Token    ${service}    ${secret.value}
    Ask For A Service Token    ${service}    ${EMPTY}    expect=401 invalid_service_credentials
    Ask For A Service Token    ${service}    ${secret.value}x    expect=401 invalid_service_credentials
    Ask For A Service Token    ${service}    ${SPACE}${secret.value}    expect=401 invalid_service_credentials
    Ask For A Service Token    ${service}    ${{ $secret.value[:1] }}    expect=401 invalid_service_credentials

A Service Gets No Token For Odd Credentials And Fails Nothing
    [Documentation]    2.3 H: what no secret is made of, names that a language has a meaning for, and what is no text.
    [Tags]    hardening
    [Setup]    Credentials Should Be Good
    [Template]    Odd Credentials Should Be Refused
    # the answer    what is odd
    401 invalid_service_credentials    secret    "é"
    401 invalid_service_credentials    secret    "${{ "狼" * 40 }}"
    401 invalid_service_credentials    service    "constructor"
    401 invalid_service_credentials    service    "__proto__"
    4xx    secret    null
    4xx    secret    (missing)
    4xx    body    {

A Service's Logout Ends One Of Its Tokens Only
    [Documentation]    2.4 H: the caller's own token and no other, of one service too.
    [Tags]    hardening
    [Setup]    Require Part    service credentials
    ${service}    Target Setting    service_name
    ${secret}    Target Setting    service_secret
    ${first}    Ask For A Service Token    ${service}    ${secret.value}
    ${second}    Ask For A Service Token    ${service}    ${secret.value}
    ${ended}    Token    ${first.body}[token]
    ${kept}    Token    ${second.body}[token]
    Log Out    ${ended}
    ${unknown}    New Id
    Read Reservation    ${unknown}    by=${ended}    expect=401 token_revoked
    Read Reservation    ${unknown}    by=${kept}    expect=404

A Service's Token Names The Service And Its Role
    [Documentation]    2.3 H, 2.10 H.
    [Tags]    hardening
    [Setup]    Require Part    service credentials
    ${service}    Target Setting    service_name
    ${secret}    Target Setting    service_secret
    ${answer}    Ask For A Service Token    ${service}    ${secret.value}
    ${token}    Token    ${answer.body}[token]
    ${keys}    Published Keys
    ${claims}    Verified Claims    ${token}    ${keys}
    Should Be Equal    ${claims}[roles]    ${{ ["internal"] }}
    Should Be Equal As Integers    ${{ $claims["exp"] - $claims["iat"] }}    86400    It does not live for 24 h (2.10)
    Should Be Equal    ${claims}[service]    ${service}    The service that the token names (2.3)

The Public Key Is Published As PEM
    [Documentation]    2.6 S.
    ${player}    Log In
    ${answer}    Read Public Key
    Should Start With    ${answer.headers}[content-type]    text/plain    The PEM has another type (2.6)
    ${keys}    Read Keys    ${answer.text}
    Verified Claims    ${player}    ${keys}

The Public Keys Are Published As A Standard Key Set
    [Documentation]    2.7 H.
    [Tags]    hardening
    ${player}    Log In
    ${answer}    Read Key Set
    Answer Should Have    ${answer}    keys.*.kty text    keys.*.use text    keys.*.alg text    keys.*.kid text
    ...    keys.*.n text    keys.*.e text    keys.*.d absent    keys.*.p absent    keys.*.q absent
    FOR    ${key}    IN    @{answer.body}[keys]
        Should Be Equal    ${key}[alg]    RS256    The algorithm of a published key (2.7)
        Should Be Equal    ${key}[use]    sig    The use of a published key (2.7)
    END
    ${keys}    Read Keys    ${answer.text}
    Verified Claims    ${player}    ${keys}

Signed Init Data Of A Strange Shape Is No Failure
    [Documentation]    2.2 S: also one that no reader gets to the end of.
    [Setup]    Require Part    telegram login
    [Template]    Init Data Should Be Refused
    # the answer    what is changed before it is signed
    401 invalid_user_data    user=${{ "[" * 1200 }}
    401 invalid_user_data    user=${{ '{"id": 7, "first_name": "x", "more": ' + "[" * 1200 + '}' }}
    401 invalid_user_data    user=[1]
    401 invalid_user_data    user=null
    401 invalid_user_data    user=7
    401 invalid_user_data    user="text"
    401 invalid_user_data    user.id=null
    200|4xx    user.id=0
    200|4xx    user.id=-5
    200|4xx    user.id="abc"
    200|4xx    user.id=9223372036854775808
    200|4xx    user.first_name={}


*** Keywords ***
Credentials Should Be Good
    [Documentation]    For test setups: a service gets a token for its own credentials, which rows then change (2.3).
    Require Part    service credentials
    ${service}    Target Setting    service_name
    ${secret}    Target Setting    service_secret
    Ask For A Service Token    ${service}    ${secret.value}

Odd Credentials Should Be Refused
    [Documentation]    Fails unless a service's credentials, of which one is this instead, are refused so, or a body
    ...    that is this (2.3).
    [Arguments]    ${expect}    ${member}    ${value}
    ${service}    Target Setting    service_name
    ${secret}    Target Setting    service_secret
    IF    $member == "body"
        Ask For A Service Token    ${service}    ${secret.value}    raw=${value}    expect=${expect}
    ELSE
        VAR    @{but}    ${member}    ${value}
        Ask For A Service Token    ${service}    ${secret.value}    but=${but}    expect=${expect}
    END

Inactive User Should Not Log In
    [Documentation]    Fails unless a user who was made inactive is refused, whichever way they come (2.12).
    [Arguments]    ${role}
    ${player}    Log In
    Change User    ${player}    ${role}
    Change User    ${player}    inactive
    Log In Again    ${player}    expect=403 user_inactive
    ${ways}    Target Setting    login_ways
    FOR    ${way}    IN    @{ways}
        Log In    ${player.telegram_id}    ${way}    expect=403 user_inactive
    END

Changed Init Data Should Be Refused
    [Documentation]    Fails unless init data is refused so when a field is changed after it was signed.
    [Arguments]    ${expect}    ${field}    ${value}
    VAR    &{after}    ${field}=${value}
    Init Data Should Be Refused    ${expect}    after=${after}
