*** Settings ***
Documentation    inventory-service lets in who carries a good token, and nobody else (contract, section 3;
...              seed, section 7.1).

Resource         ../../resources/tokens.resource
Resource         ../../resources/inventory.resource

Test Setup       Give The Test A Player

Test Tags        auth


*** Test Cases ***
A Valid Token Is Let In And The Player Is The Token's Subject
    [Documentation]    Section 3, and seed 7.1 TestJWTAuthentication.
    ${other}    Create Player
    Add Items    ${PLAYER}    7 stone
    Add Items    ${other}    2 wood
    Inventory Should Be    ${PLAYER}    7 stone
    Inventory Should Be    ${other}    2 wood

An Expired Token Is Refused
    [Documentation]    Section 3 rule 3, and seed 7.1 TestJWTExpiredToken.
    [Setup]    Run Keywords    Require Part    signing key
    ...    AND    Give The Test A Player
    [Template]    Forgery Should Be Refused
    # player    what is wrong with the token    the answer
    ${PLAYER}    expired a minute ago    401 token_expired|invalid_token_signature
    ${PLAYER}    expired a year ago    401 token_expired|invalid_token_signature

A Tampered Token Is Refused
    [Documentation]    Section 3 rule 3, and seed 7.1 TestJWTInvalidToken. Needs no signing key.
    [Template]    Forgery Should Be Refused
    # player    what is wrong with the token    the answer
    ${PLAYER}    payload of another player    401 invalid_token_signature
    ${PLAYER}    roles added to the payload    401 invalid_token_signature
    ${PLAYER}    signature cut short    401 invalid_token_signature
    ${PLAYER}    signature left out    401 invalid_token_signature
    ${PLAYER}    one character of the signature changed    401 invalid_token_signature
    ${PLAYER}    algorithm none    401 invalid_token_signature
    ${PLAYER}    HS256 keyed with the public key    401 invalid_token_signature
    ${PLAYER}    another key under the known kid    401 invalid_token_signature
    ${PLAYER}    unknown kid    401 invalid_token_signature
    ${PLAYER}    no JWT at all    401 invalid_token_signature
    ${PLAYER}    two parts only    401 invalid_token_signature
    ${PLAYER}    roles added to the payload    401 invalid_token_signature    POST /inventory/add-items
    ${PLAYER}    roles added to the payload    401 invalid_token_signature    POST /admin/inventory/adjust

A Well-signed Token With A Wrong Or Missing Claim Is Refused
    [Documentation]    Section 3 rules 3, 4 and 6.
    [Setup]    Run Keywords    Require Part    signing key
    ...    AND    Give The Test A Player
    [Template]    Forgery Should Be Refused
    # player    what is wrong with the token    the answer
    ${PLAYER}    issued by somebody else    401 invalid_token_signature
    ${PLAYER}    issued by nobody    401 invalid_token_signature
    ${PLAYER}    valid from tomorrow    401 invalid_token_signature
    ${PLAYER}    never expires    401 invalid_token_signature|token_expired
    ${PLAYER}    without jti    401 missing_token_id
    ${PLAYER}    without sub    401 missing_user_id
    ${PLAYER}    sub that is no UUID    401 missing_user_id
    ${PLAYER}    without telegram_id    401 missing_telegram_id

A Missing Token Is Refused On Every Path
    [Documentation]    Section 3 rule 1, and seed 7.1 TestJWTMissingToken.
    [Setup]    Require Part    service tokens    admin calls
    [Template]    Stranger Should Be Refused
    # path
    GET /inventory
    POST /inventory/add-items
    POST /inventory/reserve
    POST /inventory/return-reserve
    POST /inventory/consume-reserve
    GET /inventory/reservation/00000000-0000-4000-8000-000000000000
    POST /admin/inventory/adjust
    GET /admin/inventory/audit

An Authorization Header Of Another Form Is Refused
    [Documentation]    Section 3 rule 2.
    [Template]    Header Should Be Refused
    # player    Authorization header    the answer
    ${PLAYER}    TOKEN    401 invalid_token_format
    ${PLAYER}    Basic TOKEN    401 invalid_token_format
    ${PLAYER}    Token TOKEN    401 invalid_token_format
    ${PLAYER}    Bearer    401 invalid_token_format
    ${PLAYER}    Bearer TOKEN TOKEN    401 invalid_token_format
    ${PLAYER}    Bearer garbage    401 invalid_token_signature

A Token Signed With The Target's Key Is As Good As A Login
    [Documentation]    Section 2: what makes a token good is its signature and claims, not where it was made.
    Add Items    ${PLAYER}    1 diamond
    ${token}    Make Token    ${PLAYER}
    ${answer}    Read Inventory    token=${token}
    Length Should Be    ${answer.body}[items]    1

A Good Token's Claims Are Not Told To Others By An Error
    [Documentation]    Section 3: refusals are JSON with a code and a message, and repeat no part of the token.
    [Tags]    hardening
    ${token}    Forge Token    ${PLAYER}    payload of another player
    Read Inventory    token=${token}    expect=401 invalid_token_signature
    Answer Should Not Repeat The Token    ${token}
