*** Settings ***
Documentation     What services of a suite's own do while a part is away, and once it is back: logins, counts, and calls
...               that were under way (contract 2.1, 2.9, 2.11, 6.1, 6.2; law 5).

Resource          ../../resources/outages.resource
Resource          ../../resources/logins.resource
Resource          ../../resources/ledger.resource

Suite Setup       Run Keywords    Start Services For This Suite
...                   AND    Log In At Own Instance
...                   AND    Know The Ways To Log In
Suite Teardown    Stop Services Of Its Own

Test Tags         operations


*** Test Cases ***
A Login While Redis Is Away Is Refused Or Leaves Nothing Good Behind
    [Documentation]    2.11 S, 3.5 S: a new login revokes the user's earlier tokens; what cannot be noted is no login,
    ...    whichever way it came.
    [Tags]    long
    [Template]    Login Should End The Earlier Token Or Be None
    FOR    ${way}    IN    @{WAYS}
        Cut Off    ${way}
        Let Hang    ${way}
    END

Logins Go On After Many That A Missing Part Made Fail
    [Documentation]    2.1 S, 2.2 S, 2.11 S, 6.1 S: more than there are places for, whichever way they came.
    [Tags]    long
    [Template]    Logins Should Go On After Many Without
    FOR    ${way}    IN    @{WAYS}
        database    ${way}
        redis    ${way}
    END

What Is Unknown Is Bad Input Again Once PostgreSQL Is Back
    [Documentation]    4.1 S: that it could not be looked up then is no answer for ever.
    VAR    @{unknown}    items.0.item_id    "00000000-0000-4000-8000-000000000001"
    Cut Off    database
    # Who has looked a moment ago need not look again.
    Run Keyword And Ignore Error    Wait Until Keyword Succeeds    2 s    100 ms    Add Items    ${OWNER}    1 stone
    ...    but=${unknown}    by=${OWN SERVICE}    at=${INSTANCE}    expect=5xx
    Give Back And Wait    database
    Add Items    ${OWNER}    1 stone    but=${unknown}    by=${OWN SERVICE}    at=${INSTANCE}    expect=400
    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    [Teardown]    Give Back And Wait    database

Failures Are Counted And Timed Too And Are In Flight No More
    [Documentation]    6.2 S, 6.3: requests that are answered 5xx, under that status; each has a duration.
    ${before}    Values By Status    http_requests_total
    ${timed}    Requests And Durations
    Cut Off    database
    ${answer}    Read Inventory    ${OWNER}    at=${INSTANCE}    expect=5xx
    VAR    ${status}    ${{ str($answer.status) }}
    Metric Should Have Grown By Exactly    http_requests_total    ${{ $before.get($status, 0) }}    1    ${INSTANCE}
    ...    status=${status}
    Repeat Keyword    3 times    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=5xx
    Wait Until Keyword Succeeds    2 s    100 ms    Requests Should Have Durations    ${timed}
    Give Back And Wait    database
    Wait Until Keyword Succeeds    3 s    100 ms    Nothing Should Be In Flight
    [Teardown]    Give Back And Wait    database

What Failed Is Counted Under Another Status Than What Succeeded
    [Documentation]    6.2 S: queries and commands, by status.
    [Template]    Failures Should Be Told Apart
    # metric    part    what happens to it
    database_queries_total    database    Cut Off
    redis_commands_total    redis    Cut Off

What Fails Is Told In The Form Of Any Refusal
    [Documentation]    4.2 S: an error and a message, in JSON, whichever call it is.
    Cut Off    database
    Read Inventory    ${OWNER}    at=${INSTANCE}    expect=5xx
    Last Answer Should Be A Refusal
    FOR    ${call}    IN    reserve    return-reserve    consume-reserve    reservation
        Send Good Call    ${call}    ${OWN SERVICE}    at=${INSTANCE}    expect=5xx
        Last Answer Should Be A Refusal
    END
    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=5xx
    Last Answer Should Be A Refusal
    [Teardown]    Give Back And Wait    database

Without PostgreSQL Health Says So
    [Documentation]    6.1 H, 2.8 H: and does not blame what is there.
    [Tags]    hardening
    ${auth}    Address Of Own Auth
    Cut Off    database
    ${answer}    Read Auth Health    ${auth}    expect=503
    Database Should Be Blamed    ${answer}
    FOR    ${path}    IN    ${EMPTY}    /ready
        ${answer}    Health Should Be    ${path}    503    at=${INSTANCE}
        Database Should Be Blamed    ${answer}
    END
    Health Should Be    /live    200    at=${INSTANCE}
    [Teardown]    Give Back And Wait    database

Connections That Were Lost Are Not Counted Any More
    [Documentation]    6.2 S: the gauge comes back down, however often they are lost.
    [Tags]    long
    [Template]    Lost Connections Should Not Be Counted
    # metric    part
    redis_connections    redis
    database_connections    database

Redis May Be Away For Longer Than A Moment
    [Documentation]    6.1 S, 2.8 S: whoever tries to reach it again goes on to.
    [Tags]    long
    Cut Off    redis
    Let It Last    6    ${OWNER}    at=${INSTANCE}
    Give Back And Wait    redis
    ${player}    Log In At Own Auth
    Read Inventory    ${player}    at=${INSTANCE}
    [Teardown]    Give Back And Wait    redis

Calls That Are Under Way When PostgreSQL Goes Away End No Service
    [Documentation]    Law 4, law 5, 6.1 S: they wait for a row to be written, and are written or not.
    [Tags]    long
    [Setup]    Require Part    database    disposable data
    ${player}    Log In At Own Auth
    Write History    ${player}    today: 50 stone
    ${reserves}    Prepare    6    Reserve    ${player}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    Send Together Before Any Row Is Written    ${reserves}    meanwhile=Cut The Database Off
    ...    fail_on_5xx=False
    Give Back And Wait    database
    Read Inventory    ${player}    at=${INSTANCE}
    Ledger Laws Should Hold    ${player}
    [Teardown]    Give Back And Wait    database

Logins Are Counted By Their Address And Not All Together
    [Documentation]    2.9 S: of two addresses of this machine, where it has them.
    ${strict}    Address Of Strict Auth
    ${one}    Address Of Nobody Else
    FOR    ${_}    IN RANGE    9
        Log In From    ${one}    ${strict}    expect=200|429
    END
    Log In From    ${one}    ${strict}    expect=429 rate_limit_exceeded
    ${other}    Address Of Nobody Else
    Log In From    ${other}    ${strict}

The Times Of Tokens Are The Same In Any Time Zone
    [Documentation]    2.1 S, 2.2 S, 2.10 S, 2.11 S: where the machine's clock shows hours more or less than UTC.
    [Tags]    long
    [Setup]    Require Part    telegram login    redis
    [Template]    Times Should Be Right In
    # the time zone
    Pacific/Kiritimati
    Pacific/Pago_Pago
    [Teardown]    Call Method    ${OWN.strict_auth}    stop

First Logins At Two Instances That Have All Found Nobody Make One New User
    [Documentation]    2.1 S, 2.2 S: what one instance has in hand keeps no other waiting, whichever way each comes.
    [Setup]    Require Part    database    disposable data    many logins at one instant
    [Template]    First Logins At Two Should Be Of One User
    FOR    ${way}    ${other}    IN    @{{ sum(itertools.combinations_with_replacement($WAYS, 2), ()) }}
        ${way}    ${other}
    END

Logins At Two Instances At The Same Instant Leave One Good Token
    [Documentation]    2.11 H: revoking the earlier tokens is one step with the new one, wherever each comes.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    redis
    ...    AND    Require Part    many logins at one instant
    [Template]    Logins At Two Should Leave One Good Token
    FOR    ${way}    IN    @{WAYS}
        ${way}
    END

Ten Logins A Minute Are Let In And No Eleventh Unless A Setting Says So
    [Documentation]    2.9 S: tried again where a new minute may have begun meanwhile.
    Call Method    ${OWN.strict_auth}    start_again    AUTH_LOGIN_LIMIT_PER_MINUTE=${NONE}
    Wait Until Keyword Succeeds    2x    1 s    Ten Logins And No More Should Be Let In
    [Teardown]    Call Method    ${OWN.strict_auth}    stop


*** Keywords ***
Values By Status
    [Documentation]    What a metric of ${INSTANCE} counts under each status (6.2).
    [Arguments]    ${metric}
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}    ${metric}
    VAR    &{values}    &{EMPTY}
    FOR    ${status}    IN    @{{ $labels.get("status", []) }}
        ${value}    Sum Of Samples    ${answer}    ${metric}    status=${status}
        VAR    &{values}    &{values}    ${status}=${value}
    END
    RETURN    ${values}

Statuses That Grew
    [Documentation]    Under which statuses a metric counts more than before (6.2).
    [Arguments]    ${metric}    ${before}
    ${now}    Values By Status    ${metric}
    RETURN    ${{ {*dict($now.items() - $before.items())} }}

Failures Should Be Told Apart
    [Documentation]    Fails unless a metric counts what fails while a part is away under a status that calls which
    ...    succeed do not touch (6.2).
    [Arguments]    ${metric}    ${part}    ${trouble}
    ${before}    Values By Status    ${metric}
    Repeat Keyword    3 times    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    ${good}    Statuses That Grew    ${metric}    ${before}
    ${before}    Values By Status    ${metric}
    Run Keyword    ${trouble}    ${part}
    ${calls}    Prepare    3    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    Send Together    ${calls}    fail_on_5xx=False
    Wait Until Keyword Succeeds
    ...    5 s
    ...    100 ms
    ...    Another Status Should Have Grown
    ...    ${metric}
    ...    ${before}
    ...    ${good}
    [Teardown]    Give Back And Wait    ${part}

Another Status Should Have Grown
    [Documentation]    Fails unless a metric has grown under a status that is none of these (6.2).
    [Arguments]    ${metric}    ${before}    ${good}
    ${grown}    Statuses That Grew    ${metric}    ${before}
    Should Be True    $grown - $good    What failed is counted by ${metric} under none but ${good} (6.2)

Lost Connections Should Not Be Counted
    [Documentation]    Fails when many more connections to a part are counted after all were lost four times than before
    ...    (6.2).
    [Arguments]    ${metric}    ${part}
    ${reads}    Prepare    12    Read Inventory    ${OWNER}    at=${INSTANCE}
    Send Together    ${reads}
    ${before}    Metric Value    ${metric}    ${INSTANCE}
    FOR    ${_}    IN RANGE    4
        Cut Off    ${part}
        Send Together    ${reads}    fail_on_5xx=False
        Give Back And Wait    ${part}
        Send Together    ${reads}
    END
    ${now}    Metric Value    ${metric}    ${INSTANCE}
    Should Be True    ${now} <= 2 * ${before} + 4
    ...    ${before} connections, and ${now} after all were lost four times (6.2)
    [Teardown]    Give Back And Wait    ${part}

Database Should Be Blamed
    [Documentation]    Fails unless a health answer calls the database alone not healthy, whatever it is called (2.8).
    [Arguments]    ${answer}
    VAR    ${states}    ${answer.body}[dependencies]
    VAR    ${blamed}    ${{ [one for one, state in $states.items() if state != "healthy" and one != "auth"] }}
    Should Be True    len($blamed) == 1 and re.search("postgres|database|db", $blamed[0])
    ...    PostgreSQL is away, and ${blamed} are called not healthy (6.1, 2.8)

Log In While Something Is Away
    [Documentation]    A login of a player at the suite's own auth-service; returns the answer, which is 200 or 5xx
    ...    (2.1, 2.2).
    [Arguments]    ${player}    ${way}
    Log In    ${player.telegram_id}    ${way}    to=${OWN.auth.url}    expect=200|5xx
    ${answer}    Last Answer
    RETURN    ${answer}

Login Should End The Earlier Token Or Be None
    [Documentation]    Fails when a login by this way, while Redis is away like this, is answered 200 and the earlier
    ...    token is good afterwards, or is refused where nothing can have reached Redis, and the token is not (2.11).
    [Arguments]    ${take away}    ${way}
    ${player}    Log In At Own Auth
    Token Should Become Accepted    ${player}    ${INSTANCE}
    Run Keyword    ${take away}    redis
    ${answer}    Log In While Something Is Away    ${player}    ${way}
    Give Back And Wait    redis
    IF    ${answer.status} == 200
        Wait Until Keyword Succeeds    5 s    100 ms    Read Inventory    ${player}    at=${INSTANCE}
        ...    expect=401 token_revoked
    ELSE
        # A Redis that hangs may yet have done what it was told.
        Read Inventory    ${player}    at=${INSTANCE}    expect=${{ "200" if $take_away == "Cut Off" else "200|401" }}
    END
    Login Should Be Good Again    ${player.telegram_id}    ${way}
    [Teardown]    Give Back And Wait    redis

Send Logins To Two
    [Documentation]    Logins of one user by these ways, one at the target's auth-service and the other at the suite's
    ...    own beside it, sent by this keyword at one instant; returns the answers (2.1, 2.2, 2.11).
    [Arguments]    ${sent}    ${telegram_id}    ${way}    ${other}    &{how}
    ${auth}    Address Of Own Auth
    ${here}    Prepare    5    Log In    ${telegram_id}    ${way}
    ${there}    Prepare    5    Log In    ${telegram_id}    ${other}    to=${auth}
    ${answers}    Run Keyword    ${sent}    ${here}    ${there}    &{how}
    Answers Should Be    ${answers}    200=10
    RETURN    ${answers}

First Logins At Two Should Be Of One User
    [Documentation]    Fails unless first logins by these ways at two auth-services, which have all found nobody, are
    ...    answered, and of one new user (2.1).
    [Arguments]    ${way}    ${other}
    ${id}    New Telegram Id
    ${answers}    Send Logins To Two    Send Together Before Any Row Is Written    ${id}    ${way}    ${other}
    ...    table=auth.users
    They Should Be Of One New User    ${answers}

Logins At Two Should Leave One Good Token
    [Documentation]    Fails unless of a user's logins at two auth-services at one instant one has a token that is not
    ...    noted as revoked (2.11).
    [Arguments]    ${way}
    ${player}    Log In At Own Auth
    ${answers}    Send Logins To Two    Send Together    ${player.telegram_id}    ${way}    ${way}
    VAR    @{good}    @{EMPTY}
    FOR    ${answer}    IN    @{answers}
        ${token}    Token    ${answer.body}[token]
        ${revoked}    Kept In Redis    revoked:${token.claims}[jti]
        IF    not $revoked    VAR    @{good}    @{good}    ${token}
    END
    Length Should Be    ${good}    1    ${{ len($good) }} of ten logins at once by ${way} have a good token (2.11)

Logins Should Go On After Many Without
    [Documentation]    Fails unless users who could not log in by this way while a part was away can once it is back,
    ...    the first and the last of them (2.1, 2.2); and who could after them has no earlier token any more (2.11).
    [Arguments]    ${part}    ${way}
    VAR    @{ids}    @{EMPTY}
    ${known}    Log In At Own Auth
    Token Should Become Accepted    ${known}    ${INSTANCE}
    Cut Off    ${part}
    FOR    ${_}    IN RANGE    12
        ${id}    New Telegram Id
        Log In    ${id}    ${way}    to=${OWN.auth.url}    expect=200|5xx
        VAR    @{ids}    @{ids}    ${id}
    END
    ${answer}    Log In While Something Is Away    ${known}    ${way}
    Give Back And Wait    ${part}
    IF    ${answer.status} == 200
        Wait Until Keyword Succeeds    5 s    100 ms    Read Inventory    ${known}    at=${INSTANCE}
        ...    expect=401 token_revoked
    END
    Login Should Be Good Again    ${ids}[0]    ${way}
    Login Should Be Good Again    ${ids}[-1]    ${way}
    [Teardown]    Give Back And Wait    ${part}

Login Should Be Good Again
    [Documentation]    Fails unless a user whose login a missing part made fail can log in by this way, now that it is
    ...    back, and read (2.1, 2.2).
    [Arguments]    ${telegram_id}    ${way}
    TRY
        ${again}    Log In    ${telegram_id}    ${way}    to=${OWN.auth.url}
    EXCEPT    AS    ${problem}
        Fail    Who could not log in while a part was away cannot once it is back (2.1, 2.2): ${problem}
    END
    Token Should Become Accepted    ${again}    ${INSTANCE}

Times Should Be Right In
    [Documentation]    Fails unless an auth-service whose machine is in this time zone tells, notes and compares times
    ...    as any other does (2.2, 2.10, 2.11).
    [Arguments]    ${zone}
    ${auth}    Start Strict Auth Again Without Its Limit    TZ=${zone}
    ${player}    Log In    to=${auth}    way=telegram
    ${answer}    Last Answer
    VAR    ${claims}    ${player.token.claims}
    Should Be True    abs($claims["exp"] - time.time() - 86400) < 300
    ...    In ${zone} a token ends at ${claims}[exp], which is not in 24 h (2.10)
    End Should Be    ${answer.body}[expires_at]    ${claims}[exp]
    ${active}    Kept In Redis    active:${claims}[jti]
    End Should Be    ${active}[expires_at]    ${claims}[exp]
    Revocation Should Be Dated Now    ${player}    ${zone}
    FOR    ${seconds}    ${expect}    IN    86000    200    86800    400 expired_auth_date
        ${data}    Init Data    auth_date=now - ${seconds}
        Send Init Data    ${data}    to=${auth}    expect=${expect}
    END

Revocation Should Be Dated Now
    [Documentation]    Fails unless a login at the strict auth-service notes that it ends the earlier token now (2.11).
    [Arguments]    ${player}    ${zone}
    Log In Again    ${player}    to=${OWN.strict_auth.url}    way=telegram
    ${revoked}    Kept In Redis    revoked:${player.token.claims}[jti]
    ${at}    Instant Of    ${revoked}[revoked_at]
    Should Be True    $at is None or abs($at - time.time()) < 300
    ...    In ${zone} revoked_at is ${revoked}[revoked_at], not when the token was revoked (2.11)

Ten Logins And No More Should Be Let In
    [Documentation]    Fails unless ten logins of a minute are let in one after the other, and the next is not (2.9).
    ${address}    Address Of Nobody Else
    Repeat Keyword    10 times    Log In From    ${address}    ${OWN.strict_auth.url}
    Log In From    ${address}    ${OWN.strict_auth.url}    expect=429 rate_limit_exceeded

Cut The Database Off
    [Documentation]    Take PostgreSQL away while calls wait for it (6.1).
    Cut Off    database
