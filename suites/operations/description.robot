*** Settings ***
Documentation    What the target says of its own calls (contract 6.6). Every answer of all suites is held against it:
...              a run that met one which is not as described has one more test, `Every Answer Is As Described`.

Resource         ../../resources/operations.resource

Test Tags        operations    hardening


*** Test Cases ***
Each Call Is Described With Every Status It Answers And Who May Make It
    [Documentation]    6.6 H.
    [Template]    Call Should Be Described
    GET    /inventory    public    200 400 401 403 500 503    ${TRUE}
    POST    /inventory/add-items    internal    200 400 401 403 409 413 500 503    ${TRUE}
    POST    /inventory/reserve    internal    200 400 401 403 409 413 500 503    ${TRUE}
    POST    /inventory/return-reserve    internal    200 400 401 403 404 409 413 500 503    ${TRUE}
    POST    /inventory/consume-reserve    internal    200 400 401 403 404 409 413 500 503    ${TRUE}
    GET    /inventory/reservation/{operation_id}    internal    200 400 401 403 404 500 503    ${TRUE}
    POST    /adjust    admin    200 400 401 403 413 500 503    ${TRUE}
    GET    /audit    admin    200 400 401 403 500 503    ${TRUE}
    GET    ${EMPTY}    health    200 503

Each Call Of The Auth Service Is Described With Every Status It Answers And Who May Make It
    [Documentation]    6.6 H.
    [Template]    Call Should Be Described
    POST    /auth/service-token    auth    200 400 401 429 503
    POST    /auth/logout    auth    200 401 503    ${TRUE}
    POST    /auth/keys/rotate    auth    200 401 403 503    ${TRUE}
    GET    /jwks    auth    200
    GET    /public-key.pem    auth    200
    GET    /health    auth internal    200 503
