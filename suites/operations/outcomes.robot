*** Settings ***
Documentation     What is told of a write when the database gives no answer, breaks off, or cannot be written (contract
...               4.13, 6.1). At services that nobody else uses, whose database gives up after a second.

Resource          ../../resources/outages.resource
Resource          ../../resources/ledger.resource

Suite Setup       Start Services With A Role Of Their Own
Suite Teardown    Stop Services Of Its Own
Test Setup        Give The Test A Player
Test Teardown     Run Keywords    Give Back And Wait    database
...                   AND    Ledger Laws Should Hold For This Test

Test Tags         operations    hardening


*** Test Cases ***
A Write Whose Answer Is Lost Is Told As One And Can Be Sent Again
    [Documentation]    4.13 H, 4.11 H: database_unavailable would mean that nothing was written.
    [Tags]    long
    [Template]    Write Should Be Told Rightly
    # the call    its items
    Add Items    1 stone
    Reserve    1 ore

The End Of A Reservation Whose Answer Is Lost Is No Refusal
    [Documentation]    4.13 H, law 5: it may have been, and is not told as if somebody else had been quicker.
    [Template]    End Should Be Told Rightly
    Return Reserve
    Consume Reserve

Nobody Is Told Of A Failure When Connections To The Database Are Ended
    [Documentation]    4.13 H, law 5: 200, or a 503 that says which it is, and rightly; whether they are ended while
    ...    something is written or while nothing is.
    [Tags]    long
    ${additions}    Prepare    40    Add Items    ${PLAYER}    1 wood    by=${OWN SERVICE}    at=${INSTANCE}
    VAR    @{all}    @{EMPTY}
    FOR    ${n}    IN RANGE    4
        ${answers}    Send Together Before Any Row Is Written    ${additions}[${n * 10}:${n * 10 + 10}]
        ...    meanwhile=End The Connections Of The Role    fail_on_5xx=False
        VAR    @{all}    @{all}    @{answers}
        End The Connections Of The Role
        Add Items    ${PLAYER}    1 ore    by=${OWN SERVICE}    at=${INSTANCE}    expect=200|503
        Last Answer Should Say Which It Is
    END
    Wait Until Keyword Succeeds    5 s    50 ms    Add Items    ${PLAYER}    1 ore    by=${OWN SERVICE}
    ...    at=${INSTANCE}
    Each Failure Should Say Whether It Is Written    ${all}

Connections That Were Lost Are Not Counted Any More
    [Documentation]    6.2 S, 4.13 H: inventory_database_connections comes back down, however often they are lost.
    [Tags]    long
    ${nothing}    New Id
    ${reads}    Prepare    12    Read Reservation    ${nothing}    by=${OWN SERVICE}    at=${INSTANCE}
    Send Together    ${reads}
    ${before}    Metric Value    database_connections    ${INSTANCE}
    FOR    ${_}    IN RANGE    4
        End Connections Of    ${ROLE}
        Send Together    ${reads}    fail_on_5xx=False
    END
    ${now}    Metric Value    database_connections    ${INSTANCE}
    Should Be True    ${now} <= 2 * ${before}    ${before} connections, and ${now} after all were lost four times (6.2)

Statements And Commands That Fail Are Counted As Failed
    [Documentation]    6.2 S, 4.13 H: whether they are refused or get no answer.
    [Tags]    long
    [Template]    Failure Should Be Counted
    # metric    part    what happens to it
    database_queries_total    database    Cut Off
    database_queries_total    database    Let Hang
    redis_commands_total    redis    Cut Off
    redis_commands_total    redis    Let Hang

A Database That Cannot Be Written Turns Health Red
    [Documentation]    6.1 H, 4.13 H: readiness too; who writes is told when to come again.
    ${reader}    Create Database User    default_transaction_read_only = on
    ${instance}    Start An Instance    DB_USER=${reader}
    Wait Until Keyword Succeeds    5 s    50 ms    Read Health    /ready    at=${instance}    expect=503
    Read Health    at=${instance}    expect=503
    Read Health    /live    at=${instance}
    Add Items    ${PLAYER}    1 stone    at=${instance}    expect=503 database_unavailable
    Last Answer Should Say Which It Is
    Ledger Should Have Rows    ${PLAYER}    0

A Database That Has No Room Turns Health Red However Well It Is Read
    [Documentation]    6.1 H, 4.13 H: a full disk, where who reads sees nothing of it.
    ${role}    Create Database User    full_disk=True
    ${instance}    Start An Instance    DB_USER=${role}
    Wait Until Keyword Succeeds    5 s    50 ms    Read Health    /ready    at=${instance}
    Add Items    ${PLAYER}    1 stone    at=${instance}    expect=503 database_unavailable
    Read Health    /ready    at=${instance}    expect=503
    Read Inventory    ${PLAYER}    at=${instance}
    Read Health    /ready    at=${instance}    expect=503
    Read Health    at=${instance}    expect=503
    Ledger Should Have Rows    ${PLAYER}    0

What Is Refused Or Fails Is Counted As Taken Back
    [Documentation]    6.2 S: inventory_transaction_rollbacks_total{operation_type,reason}, under one of these at
    ...    least. That it grows no rule says: where a write is one statement there is nothing to take back.
    [Tags]    -hardening
    ${reader}    Create Database User    default_transaction_read_only = on
    ${readonly}    Start An Instance    DB_USER=${reader}
    Add Items    ${PLAYER}    1 stone    at=${readonly}    expect=5xx
    Reserve    ${PLAYER}    1 stone    at=${INSTANCE}    by=${OWN SERVICE}    expect=400 insufficient_items
    ${failed}    Read Metrics    at=${readonly}
    ${refused}    Read Metrics    at=${INSTANCE}
    Should Match Regexp    ${failed.text}${refused.text}    (?m)^(# TYPE )?\\w*transaction_rollbacks_total\\b
    ...    No transaction_rollbacks_total after a refusal and a failure (6.2)    values=False

What Has Begun When A Service Is Told To Stop Is Answered
    [Documentation]    4.13 H, law 5: nobody is left guessing, and nobody asks again over a connection that ends.
    [Tags]    long
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Start Services For This Suite
    ${service}    Service Token Of Own Auth
    Wait Until Keyword Succeeds    5 s    50 ms    Add Items    ${PLAYER}    1 stone    by=${service}    at=${INSTANCE}
    ${writes}    Prepare    8    Add Items    ${PLAYER}    1 stone    by=${service}    at=${INSTANCE}
    ${answers}    Send Together Before Any Row Is Written    ${writes}    meanwhile=Tell Own Instance To Stop
    Each Answer Should Be    ${answers}    200
    Should Be True    all(answer.headers.get("connection") == "close" for answer in $answers)
    ...    Some were not told that their connection ends: ${answers}
    [Teardown]    Run Keywords    Start Services With A Role Of Their Own
    ...    AND    Ledger Laws Should Hold For This Test


*** Keywords ***
End The Connections Of The Role
    [Documentation]    End what the suite's own services have open to the database (4.13).
    End Connections Of    ${ROLE}

Each Failure Should Say Whether It Is Written
    [Documentation]    Fails unless each of these writes was answered 200, or by a 503 that says which it is, and
    ...    nothing is written of what is told not to be (4.13).
    [Arguments]    ${answers}
    VAR    @{failures}    @{{ [one for one in $answers if one.status != 200] }}
    Each Answer Should Be    ${failures}    503 database_unavailable|outcome_unknown|overloaded
    VAR    @{denied}    @{{ [a.call.body["operation_id"] for a in $failures if a.error != "outcome_unknown"] }}
    ${rows}    Rows Of Player    ${PLAYER}
    VAR    @{written}    @{{ {row.operation_id for row in $rows} & {*$denied} }}
    Should Be Empty    ${written}    These are written, and were told not to be (4.13): ${written}

Failure Should Be Counted
    [Documentation]    Fails unless a metric counts what failed while a part was away.
    [Arguments]    ${metric}    ${part}    ${trouble}
    ${before}    Metric Value    ${metric}    ${INSTANCE}    status=error
    Run Keyword    ${trouble}    ${part}
    Add Items    ${PLAYER}    1 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=503
    ${now}    Metric Value    ${metric}    ${INSTANCE}    status=error
    Give Back    ${part}
    Should Be True    ${now} > ${before}    ${trouble} ${part}: ${now} failures are counted before and after (6.2)
    Wait Until Keyword Succeeds    5 s    50 ms    Add Items    ${PLAYER}    1 stone    by=${OWN SERVICE}
    ...    at=${INSTANCE}
    [Teardown]    Give Back And Wait    ${part}

Start Services With A Role Of Their Own
    [Documentation]    ${ROLE} is the services' own in the database, ${OWN SERVICE} a service that calls ${INSTANCE}.
    ${made}    Create Database User
    VAR    ${ROLE}    ${made}    scope=SUITE
    Start Services For This Suite    DB_USER=${ROLE}    DB_TIMEOUT_SECONDS=1
    ${service}    Service Token Of Own Auth
    VAR    ${OWN SERVICE}    ${service}    scope=SUITE
    ${player}    Create Player
    Wait Until Keyword Succeeds    5 s    50 ms    Add Items    ${player}    1 stone    by=${OWN SERVICE}
    ...    at=${INSTANCE}
    Forget Player    ${player}

Write Should Be Told Rightly
    [Documentation]    Fails unless a write whose answer is lost is answered with a 503 that fits what the ledger says,
    ...    and with a 200 when it is sent again.
    [Arguments]    ${call}    ${items}
    Add Items    ${PLAYER}    10 ore    by=${OWN SERVICE}    at=${INSTANCE}
    ${operation}    New Id
    Hold Back Answers    database    3
    Run Keyword    ${call}    ${PLAYER}    ${items}    operation_id=${operation}    by=${OWN SERVICE}    at=${INSTANCE}
    ...    expect=503 outcome_unknown
    Last Answer Should Say Which It Is
    Give Back    database
    Wait Until Keyword Succeeds    10 s    100 ms    Run Keyword    ${call}    ${PLAYER}    ${items}
    ...    operation_id=${operation}    by=${OWN SERVICE}    at=${INSTANCE}

End Should Be Told Rightly
    [Documentation]    Fails unless an end whose answer is lost is answered with a 503 that says so.
    [Arguments]    ${end}
    Wait Until Keyword Succeeds    5 s    50 ms    Add Items    ${PLAYER}    4 ore    by=${OWN SERVICE}
    ...    at=${INSTANCE}
    # The statement is known to the connection, so that its one answer is what is lost.
    ${first}    Reserve    ${PLAYER}    2 ore    by=${OWN SERVICE}    at=${INSTANCE}
    Run Keyword    ${end}    ${PLAYER}    ${first}    by=${OWN SERVICE}    at=${INSTANCE}
    ${second}    Reserve    ${PLAYER}    2 ore    by=${OWN SERVICE}    at=${INSTANCE}
    VAR    ${OPERATION}    ${second}    scope=TEST
    ${ends}    Prepare    1    ${end}    ${PLAYER}    ${second}    by=${OWN SERVICE}    at=${INSTANCE}
    Hold Back Answers    database    0.6
    ${answers}    Send A Mix    1    1    ${ends}    meanwhile=Lose The Answer Once The End Is Written
    # Who has looked what became of it may say so.
    IF    $answers[0].status == 200    RETURN
    Each Answer Should Be    ${answers}    503 outcome_unknown
    Wait Until Keyword Succeeds    10 s    100 ms    Run Keyword    ${end}    ${PLAYER}    ${second}
    ...    by=${OWN SERVICE}    at=${INSTANCE}    expect=409 reservation_not_active

Lose The Answer Once The End Is Written
    [Documentation]    Close what the answer to ${OPERATION}'s end would come over, when its rows are there. New
    ...    connections are as good as ever.
    Wait Until Keyword Succeeds    2 s    10 ms    End Should Be Written
    Cut Off    database
    Give Back    database

End Should Be Written
    [Documentation]    Fails unless rows of ${OPERATION}'s end are there.
    ${rows}    Rows Of Player    ${PLAYER}
    VAR    @{ends}    @{{ [r for r in $rows if r.operation_type in ("factory_return", "factory_consumption")] }}
    VAR    ${operations}    ${{ [row.operation_id for row in $ends] }}
    Should Contain    ${operations}    ${OPERATION}    Its end is not written    values=False

Last Answer Should Say Which It Is
    [Documentation]    Fails unless a 503 has one of the codes of 4.13, and says when to come again.
    ${answer}    Last Answer
    IF    ${answer.status} == 200    RETURN
    Should Contain    ${{ ("outcome_unknown", "database_unavailable", "overloaded") }}    ${answer.error}
    ...    The 503 says ${answer.error} (4.13)    values=False
    Should Match Regexp    ${answer.headers.get("retry-after", "")}    ^[1-9][0-9]*$    Retry-After is missing (4.13)

Tell Own Instance To Stop
    [Documentation]    SIGTERM to the suite's own instance; returns once it has noticed.
    Evaluate    os.kill($OWN.inventory.pid, signal.SIGTERM)
    Wait Until Keyword Succeeds    5 s    20 ms    Own Instance Should Be About To Stop

Own Instance Should Be About To Stop
    [Documentation]    Fails unless whoever asks it is told that their connection ends.
    ${answer}    Read Health    /live    at=${INSTANCE}
    Should Be Equal    ${answer.headers}[connection]    close
