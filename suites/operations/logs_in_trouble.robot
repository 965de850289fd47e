*** Settings ***
Documentation     What services of a suite's own write while a part is away, and when they are told to write everything
...               (contract 6.4).

Resource          ../../resources/outages.resource

Suite Setup       Run Keywords    Start Services For This Suite
...                   AND    Log In At Own Instance
Suite Teardown    Stop Services Of Its Own

Test Tags         operations


*** Test Cases ***
A Call That Fails Leaves A Line Too
    [Documentation]    6.4 S: whatever it is that ends a call, its line is written.
    ${text}    What Lines Tell Of    ${OWNER}    at=${INSTANCE}
    Cut Off    database
    ${before}    Last Structured Lines    ${text}
    Read Inventory    ${OWNER}    at=${INSTANCE}    expect=5xx
    Wait Until Keyword Succeeds    5 s    100 ms    New Structured Line Should Be There    ${before}    ${text}
    [Teardown]    Give Back And Wait    database

The Line Of A Call That Fails Tells Its Status
    [Documentation]    6.4 H: as the line of any other call does, of a player's call and a service's.
    [Tags]    hardening
    Cut Off    database
    Read Inventory    ${OWNER}    at=${INSTANCE}    expect=5xx
    Last Failure Should Be Logged
    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=5xx
    Last Failure Should Be Logged
    [Teardown]    Give Back And Wait    database

No Secret Is Logged While A Part Is Away Or Hangs
    [Documentation]    6.4 H: nor a trace in lines of its own; errors of drivers know addresses and passwords.
    [Tags]    hardening    long
    [Template]    Trouble Should Be Logged Without Secrets
    # part    what happens to it
    redis    Cut Off
    database    Cut Off
    database    Let Hang

No Secret Is Logged When Everything Is
    [Documentation]    6.4 H: never, also at level debug.
    [Tags]    hardening    long
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}    LOG_LEVEL=debug
    ${auth}    Start Strict Auth Again Without Its Limit    LOG_LEVEL=debug
    Token Should Become Accepted    ${OWNER}    ${instance}
    Show A Token In Every Place    ${OWNER}    ${OWN SERVICE}    at=${instance}    auth=${auth}
    ${wrong}    New Id
    Ask For A Service Token    ${wrong}    ${wrong}    to=${auth}    expect=4xx
    ${data}    Init Data
    ${answer}    Send Init Data    ${data}    to=${auth}
    Logs Should Hold No Secrets    ${OWNER.token}    ${OWN SERVICE}    ${wrong}    ${answer.body}[token]
    ...    ${{ $data.rpartition("hash=")[2] }}
    Log Lines Should Have The Promised Fields
    [Teardown]    Call Method    ${OWN.strict_auth}    stop

Lines Are Dated In UTC Whatever The Time Zone
    [Documentation]    6.4 H: of a service that runs where days begin fourteen hours earlier.
    [Tags]    hardening
    ${instance}    Start An Instance    AUTH_SERVICE_URL=${OWN.auth.url}    TZ=Pacific/Kiritimati
    Token Should Become Accepted    ${OWNER}    ${instance}
    ${answer}    Last Answer
    ${lines}    Log Lines Of    ${answer.request_id}
    ${at}    Instant Of    ${lines}[0][timestamp]
    Should Be True    abs(time.time() - ${at}) < 300    A line of just now is dated ${lines}[0][timestamp] (6.4)


*** Keywords ***
Last Failure Should Be Logged
    [Documentation]    Fails unless the last call has one line, with the status that it was answered (6.4).
    ${answer}    Last Answer
    ${lines}    Log Lines Of    ${answer.request_id}
    Should Be Equal As Integers    ${lines}[0][status]    ${answer.status}    The status in the line of a failure (6.4)

Trouble Should Be Logged Without Secrets
    [Documentation]    Fails when calls and logins while a part is away leave a line with a secret, or one that is no
    ...    line of a log (6.4).
    [Arguments]    ${part}    ${trouble}
    Run Keyword    ${trouble}    ${part}
    ${reads}    Prepare    1    Read Inventory    ${OWNER}    at=${INSTANCE}
    ${writes}    Prepare    1    Add Items    ${OWNER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}
    ${logins}    Prepare    1    Log In    way=dev    to=${OWN.auth.url}
    ${healths}    Prepare    1    Read Health    at=${INSTANCE}
    Send Together    ${{ [*$reads, *$writes, *$logins, *$healths] }}    fail_on_5xx=False
    Logs Should Hold No Secrets    ${OWNER.token}    ${OWN SERVICE}
    Log Lines Should Have The Promised Fields
    [Teardown]    Give Back And Wait    ${part}
