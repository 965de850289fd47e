*** Settings ***
Documentation     What is over a limit is refused, and costs the others nothing (contract 4.2, 6.1, 6.2, 6.4, 6.5).
...               At an instance that nobody else uses and whose limits are low.

Resource          ../../resources/limits.resource

Suite Setup       Start An Instance With Low Limits
Suite Teardown    Stop Services Of Its Own
Test Setup        Give The Test A Player

Test Tags         operations    hardening


*** Test Cases ***
Headers Without End Are Cut Off
    [Documentation]    6.5 H: 431, whether it is one header, many, or the request line.
    [Template]    Endless Sender Should Be Cut Off
    # how it begins    what it repeats
    GET BASE/inventory HTTP/1.1\r\nX-Filler: ${SPACE}    abcdefgh
    GET BASE/inventory HTTP/1.1\r\nX-First: 1\r\n    X-Filler: abcdefgh\r\n
    GET BASE/inventory?section=x    abcdefgh

Headers Up To The Limit Are Taken
    [Documentation]    6.5 H: 32 KiB of request line and headers, and hardly more.
    ${answer}    Read With A Header Of    30000    200
    Items Should Be    ${answer}    items
    Read With A Header Of    33000    431
    Read With A Request Line Of    30000    200
    Read With A Request Line Of    33000    431

Who Is Slow With Headers Is Let Go
    [Documentation]    6.5 H: 408 after the time for headers, here a second, whether anything still comes or not.
    [Tags]    long
    Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    rest=X-Slow:    at=${INSTANCE}    expect=408
    ${answer}    Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    rest=X-Slow:    filler=a    every=0.1
    ...    most=200    at=${INSTANCE}    expect=408
    Slowest Should Be Quicker Than    ${{ [$answer] }}    8000
    Hold Connections    20    GET BASE/inventory HTTP/1.1    at=${INSTANCE}
    Held Connections Should Be Closed    8    trickle=${{ "X-Slow: " + "a" * 32 }}

Who Is Slow With A Body Is Let Go
    [Documentation]    6.5 H: 408 after the time for a body, here a second, whether anything still comes or not.
    [Tags]    long
    ${service}    Get A Service Token
    Send By Hand    POST BASE/inventory/add-items HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Content-Type: application/json    Content-Length: 400    rest=\r\n{"user_id":    by=${service}
    ...    to=internal    at=${INSTANCE}    expect=408
    ${answer}    Send By Hand    POST BASE/inventory/add-items HTTP/1.1    Host: HOST
    ...    Authorization: Bearer TOKEN    Content-Type: application/json    Content-Length: 400
    ...    rest=\r\n{"user_id": "    filler=a    every=0.1    most=200    by=${service}    to=internal
    ...    at=${INSTANCE}    expect=408
    Slowest Should Be Quicker Than    ${{ [$answer] }}    8000
    Hold Connections    20    POST BASE/inventory/add-items HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Content-Type: application/json    Content-Length: 400    ${EMPTY}    by=${service}    to=internal
    ...    at=${INSTANCE}
    Held Connections Should Be Closed    8    trickle=${{ "a" * 60 }}

A Body May Take Longer Than Headers
    [Documentation]    6.5 H: each has a time of its own, here a second for headers and the usual one for the body.
    [Tags]    long
    ${player}    Create Player
    ${service}    Get A Service Token
    VAR    @{items}    1 stone
    ${body}    Body    ${items}    user_id=${player.user_id}    section=main    operation_type=chest_reward
    ...    operation_id=${NONE}
    VAR    ${text}    ${{ json.dumps($body) }}
    Send By Hand    POST BASE/inventory/add-items HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Content-Type: application/json    Content-Length: ${{ len($text) + 35 }}    rest=\r\n${text}
    ...    filler=${SPACE}    every=0.1    most=35    by=${service}    to=internal    at=${NARROW}

A Body In Pieces Ends At The Limit Of Its Size Too
    [Documentation]    4.1 H: 413 without a length that tells beforehand; with fewer blanks the same body is taken.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body In Pieces Should Be Answered
    # the answer    blanks after the body
    200    10
    413    3145728

Who Says Nothing Is Let Go
    [Documentation]    6.5 H: after the time for idle connections, here two seconds.
    [Tags]    long
    Hold Connections    20    at=${INSTANCE}
    Held Connections Should Be Closed    8

Who Was Answered And Says Nothing More Is Let Go Too
    [Documentation]    6.5 H: a connection that has served is idle like any other.
    [Tags]    long
    Hold Connections    20    GET BASE/inventory HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN    ${EMPTY}
    ...    ${EMPTY}    by=${PLAYER}    at=${INSTANCE}
    Held Connections Should Be Closed    8

Who Was Answered And Is Slow With The Next Headers Is Let Go Too
    [Documentation]    6.5 H: the headers of each request have a time of their own, here a second.
    [Tags]    long
    Hold Connections    20    GET BASE/inventory HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN    ${EMPTY}
    ...    GET BASE/inventory HTTP/1.1    Host: HOST    X-Slow: a    by=${PLAYER}    at=${INSTANCE}
    Held Connections Should Be Closed    8    trickle=${{ "a" * 60 }}

More Connections Than The Limit Lock Nobody Out
    [Documentation]    6.5 H: there are no more than so many, here 60, and callers are still served.
    Hold Connections    200    at=${INSTANCE}
    Repeat Keyword    10 times    Read Inventory    ${PLAYER}    at=${INSTANCE}
    Held Connections Should Be Closed    0    but=60

What Is No HTTP Is Refused Like Anything Else
    [Documentation]    4.2 H, 6.2 H, 6.4 H: with an error and a message, and it is logged and counted.
    [Template]    What Is No HTTP Should Be Refused
    # what is sent
    \x01\x02\x03\x04
    GET /
    BREW /pot HTTP/1.1
    GET BASE/inventory HTTP/1.1\r\nContent-Length: -5
    GET BASE/inventory HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6
    GET BASE/inventory HTTP/1.1\r\nNo colon

What Is No HTTP Is Counted At Every Listener
    [Documentation]    6.2 H, 6.2 S: the one for metrics, too; each request once.
    ${before}    Metric Value    http_requests_total    ${NARROW}    status=400
    FOR    ${listener}    IN    public    internal    metrics
        Send By Hand    nonsense    HOST    at=${NARROW}    to=${listener}    expect=400
    END
    Metric Should Have Grown By Exactly    http_requests_total    ${before}    3    ${NARROW}    status=400

More Calls Than The Limit Are Told So At Once
    [Documentation]    6.5 H, 4.13 H: 503 overloaded with Retry-After; health stays green, and others are answered.
    ${reads}    Prepare    60    Read Inventory    ${PLAYER}    at=${NARROW}
    ${probes}    Prepare    30    Read Health    /ready    at=${NARROW}
    ${others}    Prepare    30    Read Health    at=${NARROW}
    ${answers}    Send Together    ${reads}    ${{ [*$probes, *$others] }}    fail_on_5xx=False
    Each Answer Should Be    ${answers}[1::2]    200
    Each Answer Should Be    ${{ [a for a in $answers[::2] if a.status == 200] }}    200
    Each Answer Should Be    ${{ [a for a in $answers[::2] if a.status != 200] }}    503 overloaded
    Some Should Have Been Told To Come Again    ${answers}
    Wait Until Keyword Succeeds    5 s    50 ms    Read Inventory    ${PLAYER}    at=${NARROW}

Who Is Told To Come Again Is Counted Too
    [Documentation]    6.2 S, 6.5 H: each request once, under what it was answered.
    ${shed}    Metric Value    http_requests_total    ${NARROW}    status=503
    ${before}    Metric Value    http_requests_total    ${NARROW}
    ${reads}    Prepare    60    Read Inventory    ${PLAYER}    at=${NARROW}
    ${answers}    Send Together    ${reads}    fail_on_5xx=False
    Some Should Have Been Told To Come Again    ${answers}
    # The question before is counted too.
    Metric Should Have Grown By Exactly    http_requests_total    ${before}    61    ${NARROW}
    Metric Should Have Grown By Exactly    http_requests_total    ${shed}
    ...    ${{ sum(answer.status == 503 for answer in $answers) }}    ${NARROW}    status=503

Who Was Told To Come Again Is Answered Over The Same Connection
    [Documentation]    6.5 H, 4.13 H.
    [Tags]    long
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    Read Inventory    ${PLAYER}    at=${NARROW}
    ${writes}    Prepare    2    Add Items    ${PLAYER}    1 stone    at=${NARROW}
    Send Together Before Any Row Is Written    ${writes}    meanwhile=This Player Should Be Told To Come Again
    Read Inventory    ${PLAYER}    at=${NARROW}

A Player Whose Calls Wait Does Not Hold Up Others
    [Documentation]    6.5 H: though there are more of them than connections to the database.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    ${other}    Create Player
    Read Inventory    ${other}    at=${INSTANCE}
    ${writes}    Prepare    12    Add Items    ${PLAYER}    1 stone    at=${INSTANCE}
    VAR    ${OTHER}    ${other}    scope=TEST
    Send Together Before Any Row Is Written    ${writes}    meanwhile=Other Player Should Be Answered

Nobody Can Make Series Of Metrics
    [Documentation]    6.2 H: an unknown method is `other`.
    FOR    ${method}    IN    PURGE    MKCOL    LOCK    PROPFIND    REPORT
        Send    ${method}    /inventory    by=${PLAYER}    at=${INSTANCE}    expect=4xx
    END
    ${answer}    Read Metrics    at=${INSTANCE}
    ${labels}    Labels Of    ${answer}
    Should Contain    ${labels}[method]    other
    Should Be True    not {"PURGE", "MKCOL", "LOCK", "PROPFIND", "REPORT"} & set($labels["method"])
    ...    Methods that no call has are labels of their own: ${labels}[method] (6.2)

Nothing That A Caller Sends Makes A Series
    [Documentation]    6.2 H: no code, no id and no header becomes a label's value.
    VAR    ${word}    x${{ uuid.uuid4().hex }}
    VAR    &{headers}    X-Request-ID=${word}4    User-Agent=${word}5
    Read Inventory    ${PLAYER}    ${word}1    headers=${headers}    at=${INSTANCE}    expect=400
    FOR    ${member}    IN    operation_type    section    items.0.collection    items.0.quality_level    comment
        VAR    @{wrong}    ${member}    "${word}${{ len($member) }}"
        Add Items    ${PLAYER}    1 stone    but=${wrong}    at=${INSTANCE}    expect=200|400
        Reserve    ${PLAYER}    1 stone    but=${wrong}    at=${INSTANCE}    expect=200|400
    END
    ${operation}    New Id
    Add Items    ${PLAYER}    1 stone    operation_id=${operation}    at=${INSTANCE}
    ${answer}    Read Metrics    at=${INSTANCE}
    FOR    ${sent}    IN    ${word}    ${PLAYER.user_id}    ${operation}
        Should Not Contain    ${answer.text}    ${sent}    A caller has made a series (6.2)    values=False
    END

What Becomes A Line Of The Log Is Short Whatever Else Is Sent
    [Documentation]    6.4 H: a long query, a long header, and long texts in a body.
    [Setup]    Run Keywords    Require Part    logs
    ...    AND    Give The Test A Player
    VAR    ${long}    ${{ "long" * 5000 }}
    VAR    &{headers}    User-Agent=${long}
    Read Inventory    ${PLAYER}    ${long}    expect=400
    Last Line Should Be Short
    Read Inventory    ${PLAYER}    headers=${headers}
    Last Line Should Be Short
    FOR    ${member}    IN    operation_type    section    comment    items.0.collection
        VAR    @{wrong}    ${member}    "${long}"
        Add Items    ${PLAYER}    1 stone    but=${wrong}    expect=400
        Last Line Should Be Short
    END

A Line Of The Log Is Short And Without Secrets Whatever The Path
    [Documentation]    6.4 H.
    [Tags]    long
    [Setup]    Run Keywords    Require Part    logs
    ...    AND    Give The Test A Player
    [Template]    Line Of The Log Should Be Short And Without Secrets At
    # path    what it goes on with    listener    the answer
    /nowhere/    a/    public    404
    /nowhere/    aa    public    404
    /inventory/reservation/    a/    internal    404
    /inventory/reservation/    aa    internal    400

A Service Starts Without What Need Not Be Set
    [Documentation]    6.7 S: what is optional has a value of its own.
    [Tags]    -hardening
    ${instance}    Start An Instance    LOG_LEVEL=${NONE}    JWKS_MIN_REFRESH_SECONDS=${NONE}
    ...    JWKS_MAX_AGE_SECONDS=${NONE}    HEALTH_WATCH_SECONDS=${NONE}    REDIS_TIMEOUT_SECONDS=${NONE}
    Health Should Be    at=${instance}
    Read Inventory    ${PLAYER}    at=${instance}

The Log Level Holds For The Lines Of Requests Too
    [Documentation]    6.7 S: at an instance that logs errors only, what went well has no line.
    [Tags]    -hardening
    [Setup]    Require Part    logs
    ${quiet}    Create Player
    ${loud}    Create Player
    ${before}    Last Structured Lines    ${quiet.user_id}
    ${told}    Last Structured Lines    ${loud.user_id}
    Repeat Keyword    5 times    Read Inventory    ${quiet}    at=${NARROW}
    # By the time that the other instance has written a line, this one would have too.
    Read Inventory    ${loud}    at=${INSTANCE}
    ${named}    Run Keyword And Return Status    Wait Until Keyword Succeeds    5 s    100 ms
    ...    New Structured Line Should Be There    ${told}    ${loud.user_id}
    Skip If    not $named    lines do not name the player here, as they may (6.4)
    ${after}    Last Structured Lines    ${quiet.user_id}
    Should Be Equal    ${after}    ${before}    A line of another level is written (6.7)


*** Keywords ***
Last Line Should Be Short
    [Documentation]    Fails unless the line of the last call is much shorter than what was sent (6.4).
    ${answer}    Last Answer
    ${lines}    Log Lines Of    ${answer.request_id}
    Should Be True    len(json.dumps($lines[0])) < 10000    A text of 20 KB makes a line of the same size (6.4)

Line Of The Log Should Be Short And Without Secrets At
    [Documentation]    Fails when a path that begins so makes a line of its own size, or one that holds what is in it.
    [Arguments]    ${path}    ${part}    ${to}    ${expect}
    ${long}    Send    GET    ${path}${{ $part * 10000 }}    to=${to}    by=${SERVICE}    expect=${expect}
    ${lines}    Log Lines Of    ${long.request_id}
    Should Be True    len(json.dumps($lines[0])) < 10000    A path of 20 KB makes a line of the same size (6.4)
    ${with}    With Token    ${path}${part}TOKEN    ${PLAYER}
    Send    GET    ${with}    to=${to}    by=${SERVICE}    expect=${expect}
    Logs Should Hold No Secrets    ${PLAYER.token}
