*** Settings ***
Documentation    Paths that are spelled as no description writes them: a guard that knows paths by their letters alone
...              lets through what a router takes for the same (contract 1.1, 3.1, 3.7).

Resource         ../../resources/administration.resource
Resource         ../../resources/operations.resource

Test Tags        auth    odd-form


*** Variables ***
@{ADDITIONS}       BASE/inventory/add-items/    BASE//inventory/add-items    BASE/inventory//add-items
...                BASE/inventory/%61dd-items    BASE/inventory/x/../add-items    BASE/inventory/./add-items
...                BASE/inventory/%2e/add-items    BASE/inventory/Add-Items    BASE/inventory/add-items;x=1
...                BASE/inventory;x/add-items    BASE/inventory/add-items.json    http://HOSTBASE/inventory/add-items
# On the public listener of shape split, whose prefix is not theirs.
@{PUBLIC}          BASE/inventory/admin/adjust/    BASE//inventory/admin/adjust    BASE/inventory/admin//adjust
...                BASE/inventory/admin/%61djust    BASE/inventory/x/../admin/adjust    BASE/inventory/./admin/adjust
...                BASE/inventory/%2e/admin/adjust    BASE/inventory/Admin/Adjust    BASE/inventory/admin/adjust;x=1
...                BASE/inventory/admin;x/adjust    BASE/inventory/admin/adjust.json
...                http://HOSTBASE/inventory/admin/adjust
@{ADJUSTMENTS}     BASE/adjust/    /BASE/adjust    BASE//adjust    BASE/%61djust    BASE/x/../adjust    BASE/./adjust
...                BASE/%2e/adjust    BASE/Adjust    BASE/adjust;x=1    BASE;x/adjust    BASE/adjust.json
...                http://HOSTBASE/adjust
@{RESERVATIONS}
...                BASE/inventory/reservation/OPERATION/    BASE//inventory/reservation/OPERATION
...                BASE/inventory/reservation//OPERATION    BASE/inventory/%72eservation/OPERATION
...                BASE/inventory/x/../reservation/OPERATION    BASE/inventory/./reservation/OPERATION
...                BASE/inventory/Reservation/OPERATION    BASE/inventory/reservation;x=1/OPERATION
...                BASE/inventory/reservation/OPERATION;x=1    BASE/inventory/reservation/OPERATION.json
...                http://HOSTBASE/inventory/reservation/OPERATION    /inventory/reservation/OPERATION


*** Test Cases ***
Nobody Writes On The Public Listener However An Internal Path Is Spelled
    [Documentation]    1.1 S: shape split.
    [Setup]    Run Keywords    Require Part    split shape
    ...    AND    Know Who May Call
    [Template]    Addition Should Not Be Done
    FOR    ${path}    IN    @{ADDITIONS}
        1.1    public    ${THE SERVICE}    ${path}
    END
    1.1    public    ${THE SERVICE}    BASE/inventory    X-Original-URL: BASE/inventory/add-items
    1.1    public    ${THE SERVICE}    BASE/inventory    X-Rewrite-URL: BASE/inventory/add-items

Nobody Adjusts On The Public Listener However The Path Is Spelled
    [Documentation]    1.1 S, 4.9 S: shape split.
    [Setup]    Run Keywords    Require Part    split shape
    ...    AND    Know Who May Call
    ...    AND    Need One Administrator
    [Template]    Adjustment Should Not Be Done
    FOR    ${path}    IN    @{PUBLIC}
        1.1    public    ${ADMINISTRATOR}    ${path}
    END
    1.1    public    ${ADMINISTRATOR}    BASE/inventory    X-Original-URL: BASE/inventory/admin/adjust
    1.1    public    ${ADMINISTRATOR}    BASE/inventory    X-Rewrite-URL: BASE/inventory/admin/adjust

A Reservation Is Not Told On The Public Listener However Its Path Is Spelled
    [Documentation]    1.1 S: shape split; nor beside the prefix.
    [Setup]    Run Keywords    Require Part    split shape
    ...    AND    Know Who May Call
    ...    AND    Know A Reservation
    [Template]    Reservation Should Not Be Told
    FOR    ${path}    IN    @{RESERVATIONS}
        1.1    public    ${THE SERVICE}    ${path}
    END
    1.1    public    ${THE SERVICE}    BASE/inventory    X-Original-URL: BASE/inventory/reservation/OPERATION
    1.1    public    ${THE SERVICE}    BASE/inventory    X-Rewrite-URL: BASE/inventory/reservation/OPERATION

Nobody Adds Without A Token However The Path Is Spelled
    [Documentation]    3.1 S: what else is answered is free.
    [Setup]    Run Keywords    Require Part    service tokens
    ...    AND    Know Who May Call
    [Template]    Addition Should Not Be Done
    FOR    ${path}    IN    @{ADDITIONS}
        3.1    internal    ${NONE}    ${path}
    END
    3.1    internal    ${NONE}    /health    X-Original-URL: BASE/inventory/add-items
    3.1    internal    ${NONE}    /health    X-Rewrite-URL: BASE/inventory/add-items

Nobody Adjusts Without A Token However The Path Is Spelled
    [Documentation]    3.1 S, 4.9 S: what else is answered is free.
    [Setup]    Run Keywords    Require Part    admin tokens
    ...    AND    Know Who May Call
    ...    AND    Need One Administrator
    [Template]    Adjustment Should Not Be Done
    FOR    ${path}    IN    @{ADJUSTMENTS}
        3.1    admin    ${NONE}    ${path}
    END
    3.1    admin    ${NONE}    /health    X-Original-URL: BASE/adjust
    3.1    admin    ${NONE}    /health    X-Rewrite-URL: BASE/adjust

A Reservation Is Not Told Without A Token However Its Path Is Spelled
    [Documentation]    3.1 S: what else is answered is free.
    [Setup]    Run Keywords    Require Part    service tokens
    ...    AND    Know Who May Call
    ...    AND    Know A Reservation
    [Template]    Reservation Should Not Be Told
    FOR    ${path}    IN    @{RESERVATIONS}
        3.1    internal    ${NONE}    ${path}
    END
    3.1    internal    ${NONE}    /health    X-Original-URL: BASE/inventory/reservation/OPERATION
    3.1    internal    ${NONE}    /health    X-Rewrite-URL: BASE/inventory/reservation/OPERATION

A Player Neither Adds Nor Adjusts However The Path Is Spelled
    [Documentation]    3.7 H.
    [Tags]    hardening    long
    [Setup]    Run Keywords    Require Part    service tokens    admin tokens
    ...    AND    Know Who May Call
    ...    AND    Need One Administrator
    [Template]    Run Keyword
    FOR    ${path}    IN    @{ADDITIONS}
        Addition Should Not Be Done    3.7    internal    ${PLAYER}    ${path}
    END
    FOR    ${path}    IN    @{ADJUSTMENTS}
        Adjustment Should Not Be Done    3.7    admin    ${PLAYER}    ${path}
    END
    Addition Should Not Be Done    3.7    internal    ${PLAYER}    BASE/inventory
    ...    X-Original-URL: BASE/inventory/add-items


*** Keywords ***
Know Who May Call
    [Documentation]    For test setups: ${PLAYER} is a brand-new player, and ${THE SERVICE} the token of one that may
    ...    give them items, nothing where the network is the guard (1.1, 2.3).
    Give The Test A Player
    ${service}    Get A Service Token
    VAR    ${THE SERVICE}    ${service}    scope=TEST

Know A Reservation
    [Documentation]    For test setups: ${OPERATION} is a reservation of ${PLAYER}, which a service is told of (4.8).
    Add Items    ${PLAYER}    5 stone
    ${operation}    Reserve    ${PLAYER}    1 stone
    Read Reservation    ${operation}
    VAR    ${OPERATION}    ${operation}    scope=TEST

Addition Should Not Be Done
    [Documentation]    Fails when an addition that is a good one is done at this path (1.1, 3.1, 3.7).
    [Arguments]    ${rule}    ${to}    ${by}    ${path}    @{headers}
    ${calls}    Prepare    1    Add Items    ${PLAYER}    1 stone
    Call Should Not Be Done    ${calls}[0]    ${rule}    ${to}    ${by}    ${path}    @{headers}
    Post By Hand    ${calls}[0]    internal    ${THE SERVICE}    200    BASE/inventory/add-items

Adjustment Should Not Be Done
    [Documentation]    Fails when an adjustment that is a good one is done at this path (1.1, 3.1, 3.7).
    [Arguments]    ${rule}    ${to}    ${by}    ${path}    @{headers}
    ${calls}    Prepare    1    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone
    Call Should Not Be Done    ${calls}[0]    ${rule}    ${to}    ${by}    ${path}    @{headers}
    Post By Hand    ${calls}[0]    admin    ${ADMINISTRATOR}    200    BASE/adjust

Call Should Not Be Done
    [Documentation]    Fails when a call is done at a path that is sent as it stands (1.1, 3.1, 3.7).
    [Arguments]    ${call}    ${rule}    ${to}    ${by}    ${path}    @{headers}
    ${answer}    Post By Hand    ${call}    ${to}    ${by}    any    ${path}    @{headers}
    ${done}    Evaluate
    ...    $answer.status == 200 and isinstance($answer.body, dict) and $answer.body.get("success", False)
    Should Not Be True    ${done}
    ...    POST ${{ " ".join([$path, *$headers]) }} is done on the ${to} listener (${rule})

Post By Hand
    [Documentation]    Send a call's body to a path as it stands. Returns the answer (1.1).
    [Arguments]    ${call}    ${to}    ${by}    ${expect}    ${path}    @{headers}
    VAR    ${text}    ${{ json.dumps($call.body) }}
    ${answer}    Send By Hand    POST ${path} HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN    @{headers}
    ...    Content-Type: application/json    Content-Length: ${{ len($text) }}    Connection: close
    ...    rest=\r\n${text}    to=${to}    by=${by}    expect=${expect}
    RETURN    ${answer}

Reservation Should Not Be Told
    [Documentation]    Fails when a reservation is told at a path that is sent as it stands (1.1, 3.1).
    [Arguments]    ${rule}    ${to}    ${by}    ${path}    @{headers}
    VAR    @{lines}    GET ${path} HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN    @{headers}
    ...    Connection: close
    VAR    @{lines}    @{{ "\n".join($lines).replace("OPERATION", $OPERATION).splitlines() }}
    ${answer}    Send By Hand    @{lines}    to=${to}    by=${by}    expect=any
    ${told}    Evaluate    isinstance($answer.body, dict) and $answer.body.get("reservation_exists", False)
    Should Not Be True    ${told}
    ...    GET ${{ " ".join([$path, *$headers]) }} tells of a reservation on the ${to} listener (${rule})
