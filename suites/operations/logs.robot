*** Settings ***
Documentation    What the services write of each request, under which id, and what they never write (contract 6.4).

Resource         ../../resources/operations.resource

Test Tags        operations


*** Test Cases ***
A Request Keeps The Id It Came With And Gets One If It Has None
    [Documentation]    6.4 H: X-Request-ID, whatever comes of it; no two are given the same.
    [Tags]    hardening
    ${player}    Create Player
    Read Inventory    ${player}
    Request Id Should Be Sent Back
    Send    GET    /nowhere    by=${player}    expect=404
    Request Id Should Be Sent Back
    VAR    &{none}    X-Request-ID=${NONE}
    ${answer}    Read Inventory    ${player}    headers=${none}
    Should Not Be Empty    ${answer.headers.get("x-request-id", "")}    X-Request-ID is missing (6.4)
    ${other}    Read Inventory    ${player}    headers=${none}
    Should Not Be Equal    ${other.headers}[x-request-id]    ${answer.headers}[x-request-id]
    ...    Two requests were given one X-Request-ID (6.4)

The Auth Service Sends A Request's Id Back Too
    [Documentation]    6.4 H: X-Request-ID, whatever comes of it.
    [Tags]    hardening
    ${player}    Log In
    Request Id Should Be Sent Back
    Read Key Set
    Request Id Should Be Sent Back
    ${forged}    Forge Token    ${player}    text=HEADER.PAYLOAD.FLIPPED
    Log Out    ${forged}    expect=401
    Request Id Should Be Sent Back

A Write Keeps Its Id Whatever Comes Of It
    [Documentation]    6.4 H: X-Request-ID, of what is done, of bad input, and of who may not.
    [Tags]    hardening
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    service tokens    admin tokens
    Add Items    ${PLAYER}    1 stone
    Request Id Should Be Sent Back
    Add Items    ${PLAYER}    1 stone    section=cellar    expect=400
    Request Id Should Be Sent Back
    FOR    ${call}    IN    add-items    reserve    return-reserve    consume-reserve    reservation    adjust
        Send Good Call    ${call}    ${PLAYER}    expect=403
        Request Id Should Be Sent Back
    END

A Refused Call Is Told In A Structured Line
    [Documentation]    6.4 S: in JSON or name=value, with the player's id where lines have it, else with the path.
    [Setup]    Require Part    logs
    ${player}    Create Player
    ${text}    What Lines Tell Of    ${player}
    ${before}    Last Structured Lines    ${text}
    Read Inventory    ${player}    cellar    expect=400
    Wait Until Keyword Succeeds    5 s    100 ms    New Structured Line Should Be There    ${before}    ${text}

Every Line Is One JSON Object With The Promised Fields
    [Documentation]    6.4 H: timestamp in UTC, level, message and service in every line; the rest in the line
    ...    of a request. Successes, refusals and bad input have left lines before.
    [Tags]    hardening
    [Setup]    Require Part    logs
    ${player}    Create Player Who Owns    1 stone
    Reserve    ${player}    2 stone    expect=400 insufficient_items
    ${answer}    Read Inventory    ${player}
    Log Lines Of    ${answer.request_id}
    Log Lines Should Have The Promised Fields

A Login And A Read Under One Request Id Are Found In The Logs Of Both Services
    [Documentation]    6.4 H: X-Request-ID is taken over, so one search shows what became of a request.
    [Tags]    hardening
    [Setup]    Require Part    logs
    ${id}    New Id
    VAR    &{same}    X-Request-ID=${id}
    ${player}    Log In    headers=${same}
    Read Inventory    ${player}    headers=${same}
    ${lines}    Log Lines Of    ${id}    2
    ${services}    Evaluate    sorted(line["service"] for line in $lines)
    Should Be Equal    ${services}    ${{ ["auth-service", "inventory-service"] }}
    ${users}    Evaluate    {line["user_id"] for line in $lines}
    Should Be Equal    ${users}    ${{ {$player.user_id} }}

The Line Of A Request Tells Who Asked For What And What Came Of It
    [Documentation]    6.4 H: method, path, status, duration_ms and user_id.
    [Tags]    hardening
    [Setup]    Require Part    logs
    ${player}    Create Player
    Read Inventory    ${player}
    Last Call Should Be Logged    ${player}    GET    200

A Request Id That Is No Such Thing Cannot Forge A Line
    [Documentation]    6.4 H: one JSON object a line, whatever a caller sends.
    [Tags]    hardening
    [Setup]    Require Part    logs
    [Template]    Strange Request Id Should Have Its Line
    # request id
    "}{"level":"forged
    ${{ "a" * 4000 }}
    \\u0000\\n
    '; --
    ${{ "éÿ".encode("latin-1") }}
    a\tb

Who Ends A Token Is Named In The Log
    [Documentation]    6.4 H, 2.4 H: user_id, as in the line of any call that somebody makes.
    [Tags]    hardening
    [Setup]    Require Part    logs
    ${player}    Log In
    Log Out    ${player}
    ${answer}    Last Answer
    ${lines}    Log Lines Of    ${answer.request_id}
    Should Be Equal    ${lines}[0][user_id]    ${player.user_id}    The line of a logout names another user (6.4)

No Token, Secret Or Password Is In The Logs
    [Documentation]    6.4 H. Good and bad tokens, init data and wrong secrets are sent before the search.
    [Tags]    hardening
    [Setup]    Require Part    logs
    ${player}    Create Player
    Show A Token In Every Place    ${player}
    ${forged}    Forge Token    ${player}    text=HEADER.PAYLOAD.FLIPPED
    Read Inventory    ${forged}    expect=401 invalid_token_signature
    ${wrong}    New Id
    Ask For A Service Token    ${wrong}    ${wrong}    expect=4xx
    Read Reservation    ${player.user_id}-${wrong}    expect=4xx
    ${data}    Init Data
    Send Init Data    ${data}
    Logs Should Hold No Secrets    ${player.token}    ${forged}    ${wrong}    ${{ $data.rpartition("hash=")[2] }}


*** Keywords ***
Request Id Should Be Sent Back
    [Documentation]    Fails unless the last answer has the request id that its call was sent with.
    ${answer}    Last Answer
    Should Be Equal    ${answer.headers.get("x-request-id")}    ${answer.request_id}    X-Request-ID is not the call's

Strange Request Id Should Have Its Line
    [Documentation]    Fails unless a call with this request id gets one that is not too long, and a log line under it.
    [Arguments]    ${strange}
    VAR    &{headers}    X-Request-ID=${strange}
    ${answer}    Read Inventory    ${NONE}    headers=${headers}    expect=401 missing_token
    VAR    ${given}    ${answer.headers.get("x-request-id")}
    Should Match Regexp    ${given}    ^.{1,200}$
    Log Lines Of    ${given}
    Should Not Contain    ${given}    {    A request id forged a part of a line (6.4)
