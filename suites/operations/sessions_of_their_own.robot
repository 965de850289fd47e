*** Settings ***
Documentation     Sessions at services that nobody else uses: Redis loses its data, secrets are guessed, and callers
...               come through a proxy (contract 2.3, 2.9, 3.8).

Resource          ../../resources/sessions.resource

Suite Setup       Start Services For This Suite    own_redis=True    AUTH_TRUSTED_PROXIES=127.0.0.1
...                   AUTH_DEV_LOGIN=true
Suite Teardown    Stop Services Of Its Own

Test Tags         operations    hardening


*** Test Cases ***
A Token That Was Revoked Before Redis Lost Its Data Never Gets In Again
    [Documentation]    3.8 H: nor while nobody has noticed the loss, nor afterwards.
    [Tags]    long
    ${auth}    Address Of Own Auth
    ${revoked}    Log In At Own Auth
    Token Should Become Accepted    ${revoked}    ${INSTANCE}
    Log Out    ${revoked}    to=${auth}
    Read Inventory    ${revoked}    at=${INSTANCE}    expect=401 token_revoked
    Lose The Data Of Redis
    Revoked Token Should Stay Out    ${revoked}
    Wait Until Keyword Succeeds    5 s    50 ms    A New Login Should Be Let In
    Revoked Token Should Stay Out    ${revoked}

A Token That Was Revoked Between Two Losses Never Gets In Again
    [Documentation]    3.8 H: the second loss is as bad as the first.
    [Tags]    long
    Lose The Data Of Redis
    Wait Until Keyword Succeeds    5 s    50 ms    A New Login Should Be Let In
    ${revoked}    Log In At Own Auth
    ${auth}    Address Of Own Auth
    Wait Until Keyword Succeeds    5 s    50 ms    Read Inventory    ${revoked}    at=${INSTANCE}
    Log Out    ${revoked}    to=${auth}
    Lose The Data Of Redis
    Wait Until Keyword Succeeds    5 s    50 ms    A New Login Should Be Let In
    Revoked Token Should Stay Out    ${revoked}

A Token That A Login Ended Before Redis Lost Its Data Never Gets In Again
    [Documentation]    3.8 H: whatever has revoked it.
    ${ended}    Log In At Own Auth
    Token Should Become Accepted    ${ended}    ${INSTANCE}
    Log In At Own Auth    ${ended}
    Read Inventory    ${ended}    at=${INSTANCE}    expect=401 token_revoked
    Lose The Data Of Redis
    Revoked Token Should Stay Out    ${ended}
    Wait Until Keyword Succeeds    5 s    50 ms    A New Login Should Be Let In
    Revoked Token Should Stay Out    ${ended}

A Service's Token Is Got Anew After Redis Lost Its Data
    [Documentation]    3.8 H: who logs in afterwards is let in, a service too, and no token of theirs that was revoked.
    [Tags]    long
    ${player}    Log In At Own Auth
    ${before}    Service Token Of Own Auth
    Wait Until Keyword Succeeds    5 s    50 ms    Add Items    ${player}    1 stone    by=${before}    at=${INSTANCE}
    ${auth}    Address Of Own Auth
    Log Out    ${before}    to=${auth}
    Lose The Data Of Redis
    Wait Until Keyword Succeeds    5 s    50 ms    A New Service Token Should Be Let In    ${player}
    Add Items    ${player}    1 stone    by=${before}    at=${INSTANCE}    expect=401|503

Whatever Redis Has Cached May Be Lost At Any Time
    [Documentation]    5.3 S, 4.1 S: the classifiers too; it costs speed, never correctness.
    [Tags]    -hardening
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${service}    Service Token Of Own Auth
    FOR    ${axes}    IN    2    4
        Add Items    ${player}    2 metal tools/axe    by=${service}    at=${INSTANCE}
        Inventory Should Be    ${player}    ${axes} metal tools/axe    at=${INSTANCE}
        Lose What Redis Has Cached
        Inventory Should Be    ${player}    ${axes} metal tools/axe    at=${INSTANCE}
        Lose What Redis Has Cached
    END

A Redis That Takes Nothing More Costs Nobody An Answer Of Their Inventory
    [Documentation]    5.3 S: what cannot be cached is read from the ledger, for a player with history too.
    [Tags]    -hardening
    ${somebody}    Log In At Own Auth
    Token Should Become Accepted    ${somebody}    ${INSTANCE}
    ${player}    Log In At Own Auth
    ${service}    Service Token Of Own Auth
    Write History    ${player}    2 days ago: 5 stone
    Let Redis Take    nothing
    Inventory Should Be    ${player}    5 stone    at=${INSTANCE}
    Add Items    ${player}    1 stone    by=${service}    at=${INSTANCE}
    Inventory Should Be    ${player}    6 stone    at=${INSTANCE}
    [Teardown]    Let Redis Take    something

A Redis That Takes Nothing More Lets No Login Leave The Earlier Token Good
    [Documentation]    2.11 S, 3.5 S: that Redis has answered says nothing of what, whichever way the login came.
    [Tags]    -hardening
    [Setup]    Know The Ways To Log In
    FOR    ${way}    IN    @{WAYS}
        Login Should End The Earlier Token Though Redis Takes Nothing    ${way}
    END

A Token Is Good To Its End However Long Ago The First One Was
    [Documentation]    2.10 S, 3.8 H: what is remembered of tokens as a whole does not end with one of them.
    [Tags]    long
    Call Method    ${OWN.strict_auth}    stop
    Call Method    ${OWN.auth}    start_again    TOKEN_LIFETIME_HOURS=0.0006
    Lose The Data Of Redis
    Wait Until Keyword Succeeds    5 s    50 ms    A New Login Should Be Let In
    ${first}    Log In At Own Auth
    VAR    @{players}    ${first}
    Wait Until Keyword Succeeds
    ...    6 s
    ...    200 ms
    ...    Token Should Have Ended While Others Log In
    ...    ${first}
    ...    ${players}
    VAR    ${left}    ${{ $players[-3].token.claims["exp"] - time.time() }}
    Skip If    ${left} < 0.5    Logins took so long here that the later token is about to end as well
    Read Inventory    ${players}[-3]    at=${INSTANCE}
    [Teardown]    Call Method    ${OWN.auth}    stop

Addresses Behind A Trusted Proxy Are Told Apart
    [Documentation]    2.9 H: ten bad logins of one do not lock out all others.
    ${strict}    Address Of Strict Auth
    Use Up The Limit Of    203.0.113.1
    Log In    to=${strict}    way=telegram    headers=${{ {"X-Forwarded-For": "203.0.113.2"} }}
    Log In    to=${strict}    way=telegram    headers=${{ {"X-Forwarded-For": "203.0.113.1"} }}
    ...    expect=429 rate_limit_exceeded

The Logins Of An Address Count Together Whichever Way They Go
    [Documentation]    2.9 S.
    [Tags]    -hardening
    [Setup]    Require Part    dev login
    ${strict}    Address Of Strict Auth
    # Where nobody is a trusted proxy the logins of the tests before count too.
    Lose The Data Of Redis
    VAR    &{from}    X-Forwarded-For=203.0.113.11
    Log In    to=${strict}    way=telegram    headers=${from}
    Log In    to=${strict}    way=dev    headers=${from}
    Log In    to=${strict}    way=telegram    headers=${from}
    Log In    to=${strict}    way=dev    headers=${from}    expect=429 rate_limit_exceeded
    Log In    to=${strict}    way=telegram    headers=${from}    expect=429 rate_limit_exceeded

A Login That Fails Counts Like Any Other
    [Documentation]    2.9 S.
    [Tags]    -hardening    long
    ${strict}    Address Of Strict Auth
    Lose The Data Of Redis
    VAR    &{from}    X-Forwarded-For=203.0.113.12
    Repeat Keyword    3 times    Send Init Data    hash\=0    ${strict}    ${from}    expect=400|401
    Send Init Data    hash\=0    ${strict}    ${from}    expect=429 rate_limit_exceeded
    Log In    to=${strict}    way=telegram    headers=${from}    expect=429 rate_limit_exceeded
    Lose The Data Of Redis
    Log In    to=${strict}    way=telegram    headers=${from}

A Login Beyond The Limit Ends No Token Of The User
    [Documentation]    2.9 S, 2.11 S: what is refused is no login.
    [Tags]    -hardening    long
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${strict}    Address Of Strict Auth
    Lose The Data Of Redis
    ${player}    Wait Until Keyword Succeeds    5 s    50 ms    Player Should Be Let In Anew    ${player}
    VAR    &{from}    X-Forwarded-For=203.0.113.15
    Repeat Keyword    4 times    Send Init Data    hash\=0    ${strict}    ${from}    expect=400|401|429
    Log In    ${player.telegram_id}    to=${strict}    way=telegram    headers=${from}
    ...    expect=429 rate_limit_exceeded
    Read Inventory    ${player}    at=${INSTANCE}

What A Caller Says Before The Trusted Proxy's Word Counts For Nothing
    [Documentation]    2.9 H: the proxy's own word is the last one.
    ${strict}    Address Of Strict Auth
    Use Up The Limit Of    203.0.113.3
    Log In    to=${strict}    way=telegram    headers=${{ {"X-Forwarded-For": "198.51.100.7, 203.0.113.3"} }}
    ...    expect=429 rate_limit_exceeded
    # The next address is somebody else.
    Log In    to=${strict}    way=telegram    headers=${{ {"X-Forwarded-For": "203.0.113.4"} }}

Of Two Headers That Name An Address The Trusted Proxy's Is The Last
    [Documentation]    2.9 H: some proxies add a line of their own behind the caller's.
    Use Up The Limit Of    203.0.113.21
    Log In Through A Proxy That Adds A Line    198.51.100.7    203.0.113.21    expect=429 rate_limit_exceeded
    # Whom a caller names is not locked out, nor let in.
    Log In Through A Proxy That Adds A Line    203.0.113.21    203.0.113.22

Guessing A Service's Secret Is Limited
    [Documentation]    2.3 H: like logins; and the right one is of no use then.
    [Setup]    Require Part    service credentials
    ${strict}    Address Of Strict Auth
    ${service}    Target Setting    service_name
    ${secret}    Target Setting    service_secret
    VAR    &{from}    X-Forwarded-For=203.0.113.4
    Repeat Keyword    3 times    Ask For A Service Token    ${service}    a guess    to=${strict}    headers=${from}
    ...    expect=401 invalid_service_credentials
    Ask For A Service Token    ${service}    another guess    to=${strict}    headers=${from}
    ...    expect=429 rate_limit_exceeded
    ${answer}    Last Answer
    Retry-After Should Be A Wait    ${answer}    2.3
    Ask For A Service Token    ${service}    ${secret.value}    to=${strict}    headers=${from}
    ...    expect=429 rate_limit_exceeded

Guesses Of A Service's Secret Do Not Count As Logins
    [Documentation]    2.9 S, 2.3 H: whoever has not logged in this minute may.
    [Setup]    Require Part    service credentials
    ${strict}    Address Of Strict Auth
    ${service}    Target Setting    service_name
    VAR    &{from}    X-Forwarded-For=203.0.113.14
    Repeat Keyword    3 times    Ask For A Service Token    ${service}    a guess    to=${strict}    headers=${from}
    ...    expect=401 invalid_service_credentials
    Ask For A Service Token    ${service}    another guess    to=${strict}    headers=${from}
    ...    expect=429 rate_limit_exceeded
    Log In    to=${strict}    way=telegram    headers=${from}

A Right Secret Between Two Guesses Does Not Begin The Count Anew
    [Documentation]    2.3 H: whoever knows one secret does not get to guess another's.
    [Setup]    Require Part    service credentials
    ${strict}    Address Of Strict Auth
    ${service}    Target Setting    service_name
    ${secret}    Target Setting    service_secret
    VAR    &{from}    X-Forwarded-For=203.0.113.5
    FOR    ${_}    IN RANGE    4
        Ask For A Service Token    ${service}    a guess    to=${strict}    headers=${from}    expect=401|429
        Ask For A Service Token    ${service}    ${secret.value}    to=${strict}    headers=${from}    expect=200|429
    END
    Ask For A Service Token    ${service}    a guess    to=${strict}    headers=${from}
    ...    expect=429 rate_limit_exceeded

Guesses Count Together Whichever Services They Are For
    [Documentation]    2.3 H: like logins, of one address.
    [Setup]    Require Part    service credentials
    ${strict}    Address Of Strict Auth
    ${service}    Target Setting    service_name
    VAR    &{from}    X-Forwarded-For=203.0.113.24
    FOR    ${name}    IN    ${service}    market    nobody
        Ask For A Service Token    ${name}    a guess    to=${strict}    headers=${from}
        ...    expect=401 invalid_service_credentials
    END
    Ask For A Service Token    chat    a guess    to=${strict}    headers=${from}    expect=429 rate_limit_exceeded

The Secret Of One Service Gets No Token In Another's Name
    [Documentation]    2.3 H.
    ${auth}    Start Strict Auth Again Without Its Limit
    ...    AUTH_SERVICE_CREDENTIALS={"market": "market's own secret", "factory": "factory's own secret"}
    FOR    ${service}    ${other}    IN    market    factory    factory    market
        ${answer}    Ask For A Service Token    ${service}    ${service}'s own secret    to=${auth}
        ${token}    Token    ${answer.body}[token]
        Should Be Equal    ${token.claims}[service]    ${service}
        Ask For A Service Token    ${service}    ${other}'s own secret    to=${auth}
        ...    expect=401 invalid_service_credentials
    END
    [Teardown]    Call Method    ${OWN.strict_auth}    stop

The Metrics Miss An Auth Service That Is Away
    [Documentation]    6.2 S, 3.9 H: as soon as somebody has asked it about a key in vain.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Address Of Own Auth
    ${dependencies}    Values Of Label At    dependency
    Wait Until Keyword Succeeds    15 s    100 ms    Dependencies Healthy Should Be    ${{ len($dependencies) }}
    Stop Own Auth
    Wait Until Keyword Succeeds    15 s    100 ms    Auth Service Should Be Missed    ${{ len($dependencies) - 1 }}

A Token That Names No Key Is Good By Whichever Key Has Signed It
    [Documentation]    2.5 H, 2.10 H: also by the one of before, once another has been rotated in.
    [Tags]    long
    ${auth}    Address Of Own Auth
    ${administrator}    Create Administrator At Own Auth
    ${player}    Log In At Own Auth
    # Who has just rotated, in whatever order, has left a key that is asked for by its name alone.
    Token Should Become Accepted    ${player}    ${INSTANCE}
    ${nameless}    Without Key Id    ${player}
    Read Inventory    ${nameless}    at=${INSTANCE}
    Rotate Keys    ${administrator}    ${auth}
    ${after}    Log In At Own Auth
    Token Should Become Accepted    ${after}    ${INSTANCE}
    Read Inventory    ${nameless}    at=${INSTANCE}

A Key That Was Rotated In At One Instance Is Published By The Other Which Signs With It
    [Documentation]    2.5 H, 2.6 S, 2.7 H, 2.10 S: of two auth-services none signs with a key that was withdrawn.
    [Tags]    long
    [Setup]    Let Strict Auth Have The Keys Of Own Auth
    ${auth}    Address Of Own Auth
    ${administrator}    Create Administrator At Own Auth
    Token Should Be Good By The Keys Of    ${administrator}    ${OWN.strict_auth.url}
    Rotate Keys    ${administrator}    ${auth}
    ${administrator}    Log In At Own Auth    ${administrator}
    Wait Until Keyword Succeeds    5 s    50 ms
    ...    Token Should Be Good By The Keys Of    ${administrator}    ${OWN.strict_auth.url}
    Let Keys Of Own Auth Grow Old    25
    Rotate Keys    ${administrator}    ${auth}
    ${there}    Wait Until Keyword Succeeds    5 s    50 ms    Login Should Be Good By The Keys Of    ${auth}
    Log Out    ${there}    to=${auth}
    [Teardown]    Call Method    ${OWN.strict_auth}    stop

A Key That Was Rotated In At One Instance Is The PEM Of The Other Which Nobody Asked For More
    [Documentation]    2.6 S, 2.5 H: also while nothing else makes it read the keys again.
    [Tags]    long
    [Setup]    Let Strict Auth Have The Keys Of Own Auth
    ${auth}    Address Of Own Auth
    ${administrator}    Create Administrator At Own Auth
    Same PEM Should Be Published By    ${OWN.strict_auth.url}    ${auth}
    Rotate Keys    ${administrator}    ${auth}
    Wait Until Keyword Succeeds    5 s    50 ms
    ...    Same PEM Should Be Published By    ${OWN.strict_auth.url}    ${auth}
    [Teardown]    Call Method    ${OWN.strict_auth}    stop

The Key That Is Published As PEM Is The One That Was Rotated In
    [Documentation]    2.6 S, 2.5 H.
    [Tags]    long
    ${auth}    Address Of Own Auth
    ${administrator}    Create Administrator At Own Auth
    ${old}    Read Public Key    ${auth}
    Rotate Keys    ${administrator}    ${auth}
    ${new}    Read Public Key    ${auth}
    Should Not Be Equal    ${new.text}    ${old.text}    The PEM is that of the key before (2.6)    values=False

Of Keys That Are Rotated In At Once The Last One Signs
    [Documentation]    2.5 H, 2.6 S, 2.10 S: also within one second; what each of them signed is good.
    [Tags]    long
    ${auth}    Address Of Own Auth
    ${administrator}    Create Administrator At Own Auth
    FOR    ${_}    IN RANGE    2
        ${before}    Read Public Key    ${auth}
        Rotate Keys    ${administrator}    ${auth}
        ${player}    Log In At Own Auth
        ${now}    Read Public Key    ${auth}
        Should Not Be Equal    ${now.text}    ${before.text}    The PEM is that of the key before (2.6)    values=False
        ${keys}    Published Keys    ${auth}
        Claims Signed As Promised    ${player}    ${keys}
    END
    Token Should Become Accepted    ${player}    ${INSTANCE}

A New Key Is Accepted Also When An Old One Leaves With It
    [Documentation]    3.9 H, 2.5 H: there are as many keys as before, and they are others.
    [Tags]    long
    ${auth}    Address Of Own Auth
    ${administrator}    Create Administrator At Own Auth
    # Of those that other tests rotated out none is left then.
    Let Keys Of Own Auth Grow Old    25
    Rotate Keys    ${administrator}    ${auth}
    ${administrator}    Log In At Own Auth    ${administrator}
    Token Should Become Accepted    ${administrator}    ${INSTANCE}
    Let Keys Of Own Auth Grow Old    25
    Rotate Keys    ${administrator}    ${auth}
    ${after}    Log In At Own Auth
    Token Should Become Accepted    ${after}    ${INSTANCE}

What A Key Has Signed That Is Published No More Is Good No More Whoever Has Seen It
    [Documentation]    3.3 H, 2.5 H.
    [Tags]    long
    ${auth}    Address Of Own Auth
    ${administrator}    Create Administrator At Own Auth
    ${earlier}    Log In At Own Auth
    Token Should Become Accepted    ${earlier}    ${INSTANCE}
    FOR    ${_}    IN RANGE    2
        Let Keys Of Own Auth Grow Old    25
        Rotate Keys    ${administrator}    ${auth}
        ${administrator}    Log In At Own Auth    ${administrator}
    END
    Token Should Become Accepted    ${administrator}    ${INSTANCE}
    Read Inventory    ${earlier}    at=${INSTANCE}    expect=401 invalid_token_signature

A Login Limit Ends However Often It Is Tried Meanwhile
    [Documentation]    2.9 H: a refused login does not begin the minute anew: the wait that is told grows shorter, or,
    ...    where it is told roughly, who goes on trying is let in once the minute is over.
    [Tags]    long
    ${strict}    Address Of Strict Auth
    Use Up The Limit Of    203.0.113.9
    Log In    to=${strict}    way=telegram    headers=${{ {"X-Forwarded-For": "203.0.113.9"} }}    expect=429
    ${refused}    Last Answer
    ${first}    Wait Told By    ${refused}
    TRY
        Wait Until Keyword Succeeds    3 s    200 ms    Wait Should Be Shorter Than    ${first}    203.0.113.9
    EXCEPT    *begins the minute anew*    type=GLOB
        Let A Minute Pass But For    2
        Wait Until Keyword Succeeds    8 s    200 ms    Log In    to=${strict}    way=telegram
        ...    headers=${{ {"X-Forwarded-For": "203.0.113.9"} }}
    END

Who Has Waited As Told Is Let In
    [Documentation]    2.9 S, 2.9 H: the wait that is told is no shorter than that until the limit's minute is over.
    [Tags]    long
    ${strict}    Address Of Strict Auth
    VAR    &{caller}    X-Forwarded-For=203.0.113.19
    Use Up The Limit Of    ${caller}[X-Forwarded-For]
    Let A Minute Pass But For    3
    Log In    to=${strict}    way=telegram    headers=${caller}    expect=429 rate_limit_exceeded
    ${refused}    Last Answer
    ${told}    Wait Told By    ${refused}
    Wait Until Keyword Succeeds    ${{ $told + 1 }} s    200 ms    Log In    to=${strict}    way=telegram
    ...    headers=${caller}
