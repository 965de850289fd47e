*** Settings ***
Documentation    What the target says of its own calls (contract 6.6). Every answer of all suites is held against it:
...              a run that met one which is not as described has one more test, `Every Answer Is As Described`.

Resource         ../../resources/operations.resource
Resource         ../../resources/validation.resource

Suite Setup      Share One Administrator

Test Tags        operations    hardening


*** Variables ***
${UUID}    00000000-0000-4000-8000-000000000000


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
    POST    /auth/login    auth    200 400 403 429 503
    POST    /auth    auth    200 400 401 403 429 503
    POST    /auth/service-token    auth    200 400 401 429 503
    POST    /auth/logout    auth    200 401 503    ${TRUE}
    POST    /auth/keys/rotate    auth    200 401 403 503    ${TRUE}
    GET    /jwks    auth    200
    GET    /public-key.pem    auth    200
    GET    /health    auth internal    200 503

What A Call Takes Beside Its Body Is Described
    [Documentation]    6.6 H: where it stands, whether it has to be there, and what it may be.
    [Template]    Parameter Should Be Described
    # method    path    listener    name    in    required    one that is good    one that is not
    GET    /inventory    public    section    query    ${FALSE}    factory    cellar
    GET    /inventory    public    X-Request-ID    header    ${FALSE}    a-b    ${1}
    GET    /inventory/reservation/{operation_id}    internal    operation_id    path    ${TRUE}    ${UUID}    7
    GET    /audit    admin    user_id    query    ${TRUE}    ${UUID}    7

The Header Of A Telegram Login Is Described
    [Documentation]    6.6 H.
    [Setup]    Require Part    telegram login
    [Template]    Parameter Should Be Described
    POST    ${LOGIN}[telegram]    auth    X-Telegram-Init-Data    header    ${TRUE}    user=x    ${1}

A Body Of An Addition Is Described As It Is Judged
    [Documentation]    6.6 H: the description refuses what the call refuses for its form.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused And Described So
    # member    its value, as JSON
    user_id    (missing)
    user_id    "not-a-uuid"
    section    (missing)
    section    "cellar"
    operation_type    (missing)
    operation_type    "gift_from_nobody"
    operation_type    "factory_return"
    operation_id    (missing)
    operation_id    "1234"
    items    (missing)
    items    []
    items.1.item_id    (missing)
    items.1.item_id    "stone"
    items.1.collection    5
    items.1.quality_level    true
    items.1.quantity    (missing)
    items.1.quantity    0
    items.1.quantity    "5"
    items.1.quantity    9007199254740992
    comment    5
    comment    "a\\u0000b"
    comment    "${{ "x" * 501 }}"
    [Teardown]    Good Request Should Succeed And Be Described So

A Refusal For Want Of Items Is Described With What Is Missing
    [Documentation]    6.6 H, 4.5 S, 4.9 S: whoever reads the description finds the members of it.
    [Template]    Refusal Should Be Described With What Is Missing
    /inventory/reserve    internal
    /adjust    admin

A Body Of A Reservation Is Described As It Is Judged
    [Documentation]    6.6 H.
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Value Should Be Refused And Described So
    # member    its value, as JSON
    user_id    (missing)
    user_id    12
    operation_id    (missing)
    operation_id    "1234"
    items    (missing)
    items    []
    items.1.quantity    0
    [Teardown]    Good Request Should Succeed And Be Described So

A Body Of A Reservation's End Is Described As It Is Judged
    [Documentation]    6.6 H.
    [Template]    Body Of An End Should Be Described As It Is Judged
    return-reserve
    consume-reserve

A Body Of An Adjustment Is Described As It Is Judged
    [Documentation]    6.6 H.
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused And Described So
    # member    its value, as JSON
    user_id    (missing)
    section    (missing)
    section    "attic"
    items    (missing)
    items    []
    items.1.item_id    (missing)
    items.1.collection    7
    items.1.quality_level    []
    items.1.quantity_change    (missing)
    items.1.quantity_change    0
    items.1.quantity_change    9007199254740992
    items.1.quantity_change    -9007199254740992
    reason    (missing)
    reason    "too short"
    reason    "${{ "x" * 501 }}"
    reason    "a reason \\u0000 with a NUL"
    operation_id    "1234"
    [Teardown]    Good Request Should Succeed And Be Described So

A Body Of A Development Login Is Described As It Is Judged
    [Documentation]    6.6 H.
    [Setup]    Prepare Bad Dev Logins
    [Template]    Value Should Be Refused And Described So
    # member    its value, as JSON
    telegram_id    (missing)
    telegram_id    0
    telegram_id    -5
    telegram_id    1.5
    telegram_id    true
    telegram_id    null
    telegram_id    "5"
    username    (missing)
    username    ""
    username    " "
    username    7
    [Teardown]    Good Request Should Succeed And Be Described So


*** Keywords ***
Refusal Should Be Described With What Is Missing
    [Documentation]    Fails unless the 400 of a call is described with a member `missing_items`, itself or by what it
    ...    refers to (6.6).
    [Arguments]    ${path}    ${to}
    ${call}    Described Call    POST    ${path}    ${to}
    VAR    ${told}    ${{ json.dumps($call["responses"]["400"]) }}
    VAR    ${schemas}    ${{ $call["components"].get("schemas", {}) }}
    FOR    ${name}    IN    @{{ re.findall("#/components/schemas/([^\"]+)", $told) }}
        VAR    ${told}    ${told} ${{ json.dumps($schemas[$name]) }}
    END
    Should Contain    ${told}    "missing_items"    The 400 of POST ${path} is described without what is missing (6.6)
    ...    values=False

Body Of An End Should Be Described As It Is Judged
    [Documentation]    Fails unless the description refuses what a call that ends a reservation refuses (6.6).
    [Arguments]    ${call}
    Prepare Bad Requests For    ${call}
    Value Should Be Refused And Described So    user_id    (missing)
    Value Should Be Refused And Described So    user_id    "not-a-uuid"
    Value Should Be Refused And Described So    operation_id    (missing)
    Value Should Be Refused And Described So    operation_id    12
    Good Request Should Succeed And Be Described So
