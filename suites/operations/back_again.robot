*** Settings ***
Documentation    What a target does once a part is back that its own commands took away (`TARGET_STOP_REDIS` and its
...              like), or once its cache is empty.

Resource         ../../resources/operations.resource
Resource         ../../resources/ledger.resource

Test Teardown    Target Should Be Well Again

Test Tags        operations    slow


*** Test Cases ***
An Instance That Starts While The Auth Service Is Away Serves Once It Is There
    [Documentation]    2.10 S, 4.3 S: the key is asked for again; who does not start without it, starts then.
    [Setup]    Require Part    auth outage    instance outage
    ${instances}    Target Setting    instances
    ${player}    Create Player Who Owns    1 stone
    Stop Part    auth
    Stop Part    instance
    Start The Part Stopped Last
    ${answers}    Instance Answers Without Auth    ${player}    ${instances}[-1]
    Start Auth And An Instance That Is Down    ${answers}
    Wait Until Keyword Succeeds    30 s    200 ms    Inventory Should Be    ${player}    1 stone    at=${instances}[-1]

Logins Go On After Many That Had No Redis
    [Documentation]    2.1 S, 2.2 S, 2.11 S: more than there are places for; who was let in has one good token.
    [Setup]    Require Part    redis outage
    Logins Should Go On After Many Without    redis

Logins Go On After Many That Had No PostgreSQL
    [Documentation]    2.1 S, 2.2 S, 2.11 S: more than there are places for; who was let in has one good token.
    [Setup]    Require Part    database outage
    Logins Should Go On After Many Without    database

Connections To Redis That Were Lost Are Not Counted Any More
    [Documentation]    6.2 S: the gauge comes back down, however often they are lost.
    [Setup]    Require Part    redis outage    metrics
    Lost Connections Should Not Be Counted    redis_connections    redis

Connections To PostgreSQL That Were Lost Are Not Counted Any More
    [Documentation]    6.2 S: the gauge comes back down, however often they are lost.
    [Setup]    Require Part    database outage    metrics
    Lost Connections Should Not Be Counted    database_connections    database

What Is Cached Once Redis Is Back Stands Among No Tokens
    [Documentation]    5.3 S, law 6: in database 1, where whoever writes at another instance drops it.
    [Setup]    Require Part    redis outage    redis    database    disposable data
    ${player}    Create Player
    Write History    ${player}    3 days ago: 10 stone
    Stop Part    redis
    Read Inventory    ${player}    expect=200|401|5xx
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    200 ms    Read Inventory    ${player}
    ${reads}    Prepare    12    Read Inventory    ${player}
    Send Together    ${reads}
    Inventory Should Be    ${player}    10 stone
    Nothing Should Be Cached Among The Tokens    ${player}

What The Target's Redis Has Cached May Be Lost At Any Time
    [Documentation]    5.3 S, 4.1 S: the classifiers too; it costs speed, never correctness.
    [Setup]    Require Part    redis    disposable data
    ${player}    Create Player
    FOR    ${axes}    IN    2    4
        Add Items    ${player}    2 metal tools/axe
        Inventory Should Be    ${player}    ${axes} metal tools/axe
        Empty The Cache
        Inventory Should Be    ${player}    ${axes} metal tools/axe
        Empty The Cache
    END


*** Keywords ***
Instance Answers Without Auth
    [Documentation]    Whether an instance answers at all; one that does has to say 200, 401 or 5xx (2.10).
    [Arguments]    ${player}    ${instance}
    TRY
        Wait Until Keyword Succeeds    30 s    200 ms    Read Inventory    ${player}    at=${instance}
        ...    expect=200|401|5xx
    EXCEPT    AS    ${problem}
        ${answer}    Last Answer
        Should Be Equal    ${answer.status}    ${NONE}    ${problem}    values=False
        RETURN    ${FALSE}
    END
    RETURN    ${TRUE}

Start Auth And An Instance That Is Down
    [Documentation]    Start the auth-service, and then the instance anew unless it answers: no rule says that it starts
    ...    without (6.7).
    [Arguments]    ${answers}
    Start The Part Stopped Last
    Wait Until Keyword Succeeds    180 s    500 ms    Log In
    IF    not $answers
        Stop Part    instance
        Start Stopped Parts
    END

Logins Should Go On After Many Without
    [Documentation]    Fails unless users who could not log in while a part was away can once it is back, the first one
    ...    and the last (2.1, 2.2); and who could has no earlier token any more (2.11).
    [Arguments]    ${part}
    ${known}    Log In
    Read Inventory    ${known}
    Stop Part    ${part}
    Log In Again    ${known}    expect=200|5xx
    ${answer}    Last Answer
    FOR    ${_}    IN RANGE    12
        ${id}    New Telegram Id
        Log In    ${id}    expect=200|5xx
    END
    Start Stopped Parts
    Wait Until Keyword Succeeds    30 s    200 ms    New Player Should Be Served
    IF    $answer.status == 200    Read Inventory    ${known}    expect=401
    FOR    ${user}    IN    ${known.telegram_id}    ${id}
        ${again}    Log In    ${user}
        Read Inventory    ${again}
    END

Lost Connections Should Not Be Counted
    [Documentation]    Fails when more connections to a part are counted after all were lost five times than before,
    ...    and one more for each call that is sent at once (6.2).
    [Arguments]    ${metric}    ${part}
    ${player}    Create Player
    ${reads}    Prepare    12    Read Inventory    ${player}
    Repeat Keyword    3 times    Send Together    ${reads}
    ${before}    Metric Value    ${metric}
    FOR    ${_}    IN RANGE    5
        Stop Part    ${part}
        Send Together    ${reads}    fail_on_5xx=False
        Start Stopped Parts
        Wait Until Keyword Succeeds    30 s    200 ms    Read Inventory    ${player}
        Send Together    ${reads}    fail_on_5xx=False
    END
    ${now}    Metric Value    ${metric}
    Should Be True    ${now} <= ${before} + 12
    ...    ${before} connections, and ${now} after all were lost five times (6.2)
