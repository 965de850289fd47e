*** Settings ***
Documentation    Logging in both ways, logging out, and what a login is worth (contract, section 2).

Resource         ../../resources/tokens.resource
Resource         ../../resources/inventory.resource

Test Tags        auth


*** Test Cases ***
A Development Login Finds Or Creates The User And Gives A Good Token
    [Documentation]    Section 2: POST /auth/login; 24 h, RS256, sub, telegram_id and jti.
    ${first}    Log In By    dev
    ${again}    Log In By    dev    ${first.telegram_id}
    Token Should Be Good    ${first}
    Should Be True    ${first.is_new}
    Should Not Be True    ${again.is_new}
    Should Be Equal    ${again.user_id}    ${first.user_id}

A Telegram Login With Signed Init Data Gives A Good Token
    [Documentation]    Section 2: POST /auth.
    ${player}    Log In By    telegram
    Token Should Be Good    ${player}
    Should Be True    ${player.is_new}
    Read Inventory    ${player}

Both Ways Of Logging In Lead To The Same User
    [Documentation]    Section 2: a user is a telegram_id.
    ${by_telegram}    Log In By    telegram
    ${by_dev}    Log In By    dev    ${by_telegram.telegram_id}
    Should Be Equal    ${by_dev.user_id}    ${by_telegram.user_id}

Telegram Init Data With Anything Wrong Is Refused
    [Documentation]    Section 2: the errors of POST /auth.
    [Setup]    Require Part    telegram login
    [Template]    Init Data Should Be Refused
    # what is wrong    the answer
    no header    400 missing_init_data
    empty header    400 missing_init_data
    no key and value    400 invalid_init_data_format
    without hash    400 invalid_init_data_format
    without auth_date    400 invalid_init_data_format
    older than a day    400 expired_auth_date
    changed hash    401 invalid_telegram_signature
    changed user    401 invalid_telegram_signature
    added field    401 invalid_telegram_signature
    hash by another bot    401 invalid_telegram_signature
    without user    401 invalid_user_data
    user that is no JSON    401 invalid_user_data
    user without id    401 invalid_user_data
    user without first_name    401 invalid_user_data

A Development Login With A Bad Body Is Refused
    [Documentation]    Section 2: telegram_id is a whole number above zero.
    [Setup]    Require Part    dev login
    [Template]    Dev Login Should Be Refused
    # telegram_id    username    the answer
    0    "nobody"    400
    -5    "nobody"    400
    1.5    "nobody"    400
    "77"    "nobody"    400
    true    "nobody"    400
    null    "nobody"    400
    (missing)    "nobody"    400
    77    42    400

A New Login Revokes The User's Earlier Tokens
    [Documentation]    Section 2: reason user_reauth; section 3 rule 5.
    ${first}    Create Player
    Read Inventory    ${first}
    ${second}    Log In Again    ${first}
    Read Inventory    ${first}    expect=401 token_revoked
    Read Inventory    ${second}

A Logout Revokes The Caller's Own Token And No Other
    [Documentation]    Section 2: POST /auth/logout.
    [Tags]    hardening
    ${leaving}    Create Player
    ${staying}    Create Player
    Log Out    ${leaving}
    Read Inventory    ${leaving}    expect=401 token_revoked
    Read Inventory    ${staying}

An Inactive User Cannot Log In
    [Documentation]    Section 2: 403 user_inactive.
    [Tags]    hardening
    ${player}    Create Player
    Deactivate    ${player}
    Login Should Be Refused    ${player}    403 user_inactive

A Service Gets A Token For Its Own Credentials Only
    [Documentation]    Section 2: POST /auth/service-token.
    [Tags]    hardening
    Service Token Should Be Good
    Service Token Should Be Refused For    NAME    wrong-secret    401 invalid_service_credentials
    Service Token Should Be Refused For    somebody-else    SECRET    401 invalid_service_credentials
    Service Token Should Be Refused For    ${EMPTY}    ${EMPTY}    401 invalid_service_credentials

Public Keys Are Published As A Standard Key Set And As PEM
    [Documentation]    Section 2: GET /jwks and GET /public-key.pem.
    Published Keys Should Be Standard
    Public Key Pem Should Be Published
