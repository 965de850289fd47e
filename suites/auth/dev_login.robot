*** Settings ***
Documentation    The development login: whom it makes, what it tells, and what it refuses (contract 2.1).

Resource         ../../resources/operations.resource
Resource         ../../resources/validation.resource

Test Tags        auth


*** Test Cases ***
A Development Login Tells The User By Its Name
    [Documentation]    2.1 S.
    [Setup]    Require Part    dev login
    [Template]    Login Should Tell The Name
    # the name, which several may have    the type of the body
    Somebody_New    application/json
    Somebody_New    application/json
    Somebody_New    application/json; charset=utf-8
    O'Hara"; -- \\    application/json

A Second Development Login Tells The Same User By Its Name
    [Documentation]    2.1 S: as it has told the first.
    [Setup]    Require Part    dev login
    ${telegram_id}    New Telegram Id
    VAR    &{body}    telegram_id=${telegram_id}    username=Somebody_Known
    Send Dev Login    ${body}
    ${again}    Send Dev Login    ${body}
    Should Be Equal    ${again.body}[user][username]    Somebody_Known    The second login tells another name (2.1)
    Should Be Equal    ${again.body}[user][telegram_id]    ${telegram_id}    The second login is another user's (2.1)

A Development Login Keeps The User Under Its Name
    [Documentation]    2.1 S, section 2: username in auth.users, and a first name that is not blank.
    [Setup]    Require Part    dev login    database
    ${telegram_id}    New Telegram Id
    VAR    &{body}    telegram_id=${telegram_id}    username=kept_${telegram_id}
    Send Dev Login    ${body}
    ${row}    Row Of User    ${telegram_id}
    Should Be Equal    ${row}[username]    kept_${telegram_id}    username of auth.users (2.1)
    Should Be True    ($row.get("first_name") or "").strip()    first_name of auth.users is blank (section 2)

A Development Login With A Bad Body Is Refused
    [Documentation]    2.1 S: telegram_id is a whole number above zero.
    [Setup]    Prepare Bad Dev Logins
    [Template]    Value Should Be Refused
    # member    its value, as JSON    the answer
    telegram_id    0    4xx
    telegram_id    1    200
    telegram_id    -5    4xx
    telegram_id    true    4xx
    telegram_id    9223372036854775808    4xx
    telegram_id    null    4xx
    telegram_id    (missing)    4xx
    telegram_id    1.5    4xx
    telegram_id    "5x"    4xx
    telegram_id    [5]    4xx
    username    (missing)    200|4xx
    username    null    200|4xx
    username    7    200|4xx
    username    {}    200|4xx
    username    "😀"    200
    username    ""    200|4xx
    username    "${{ "x" * 300 }}"    200|4xx
    username    "a\\u0000b"    200|4xx
    username    "\\ud83d"    200|4xx
    [Teardown]    Good Request Should Still Succeed

A Development Login Without A Name Makes Nobody Whose First Name Is Blank
    [Documentation]    2.1 S, section 2: where it is let in at all.
    [Setup]    Require Part    dev login    database
    ${telegram_id}    New Telegram Id
    VAR    &{body}    telegram_id=${telegram_id}    username=${EMPTY}
    ${answer}    Send Dev Login    ${body}    expect=200|4xx
    IF    ${answer.status} == 200
        ${row}    Row Of User    ${telegram_id}
        Should Be True    ($row.get("first_name") or "").strip()    first_name of auth.users is blank (section 2, 2.1)
    END

A Development Login Without A Body That Can Be Read Is Refused
    [Documentation]    2.1 S: and is no failure.
    [Setup]    Prepare Bad Dev Logins
    [Template]    Body Should Be Refused
    # the whole body    the answer
    ${EMPTY}    4xx
    {    4xx
    null    4xx
    \[]    4xx
    "text"    4xx
    [Teardown]    Good Request Should Still Succeed


*** Keywords ***
Login Should Tell The Name
    [Documentation]    Fails unless a first development login by this name, whose body is said to be of this type, tells
    ...    it and the user's number (2.1).
    [Arguments]    ${name}    ${type}
    ${telegram_id}    New Telegram Id
    VAR    &{body}    telegram_id=${telegram_id}    username=${name}
    VAR    &{headers}    Content-Type=${type}
    ${answer}    Send Dev Login    ${body}    headers=${headers}
    Should Be Equal    ${answer.body}[user][username]    ${name}    The login tells another name (2.1)
    Should Be Equal    ${answer.body}[user][telegram_id]    ${telegram_id}    The login is another user's (2.1)
