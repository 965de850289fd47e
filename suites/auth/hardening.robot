*** Settings ***
Documentation    Sessions and roles as a careful owner keeps them: administrators who are none any more, headers and
...              claims that could be read in two ways (contract 2.13, 3.2, 3.3, 3.6).

Resource         ../../resources/tokens.resource
Resource         ../../resources/administration.resource
Resource         ../../resources/operations.resource

Test Tags        auth    hardening


*** Test Cases ***
A Token Is Revoked By Its Id In Its Own Letters
    [Documentation]    2.4 H, 3.5 S: `revoked:{jti}`, as the claim says it; small letters no rule asks for.
    [Setup]    Run Keywords    Require Part    signing key
    ...    AND    Give The Test A Player
    FOR    ${id}    IN    ${{ str(uuid.uuid4()).upper() }}    ${{ str(uuid.uuid4()) }}
        ${token}    Forged Token    ${PLAYER}    signed_by=target    jti=${id}
        Read Inventory    ${token}
        Log Out    ${token}
        Read Inventory    ${token}    expect=401 token_revoked
    END

Who Is An Administrator No More Can Do Nothing That Only Administrators May
    [Documentation]    2.13 H: whatever the token says.
    [Setup]    Require Part    administrators    admin tokens
    [Template]    Administrator Should Lose All Rights When
    # what happens to the user
    player
    inactive
    gone

Signed Init Data Of A Strange Shape Is No Failure However Deep It Is
    [Documentation]    2.2 S, 6.5 H: of 15 KB, for which there is room in 32 KiB of headers.
    [Setup]    Require Part    telegram login
    [Template]    Init Data Should Be Refused
    # the answer    what is changed before it is signed
    401 invalid_user_data    user=${{ "[" * 15000 }}
    401 invalid_user_data    user=${{ '{"id": 7, "first_name": "x", "more": ' + "[" * 15000 + '}' }}

Nothing May Stand Around The Token
    [Documentation]    3.2 H.
    [Setup]    Give The Test A Player
    [Template]    Header Should Be Refused
    # player    Authorization header    the answer
    ${PLAYER}    Bearer TOKEN    200
    ${PLAYER}    Bearer TOKEN\xa0    401 invalid_token_format
    ${PLAYER}    Bearer \xa0TOKEN    401 invalid_token_format
    ${PLAYER}    Bearer ${SPACE}TOKEN    401 invalid_token_format
    ${PLAYER}    Bearer\tTOKEN    401 invalid_token_format
    ${PLAYER}    Bearer TOKEN TOKEN    401 invalid_token_format
    ${PLAYER}    Bearer TOKEN,    401 invalid_token_format|invalid_token_signature
    # A header that is there and says nothing is no missing one.
    ${PLAYER}    ${EMPTY}    401 invalid_token_format

Of Two Authorization Headers None Counts
    [Documentation]    3.2 H.
    [Setup]    Give The Test A Player
    Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN    by=${PLAYER}
    Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Authorization: Bearer TOKEN    by=${PLAYER}    expect=401 invalid_token_format
    Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Authorization: Basic eDp5    by=${PLAYER}    expect=401 invalid_token_format

However Many Headers There Are The Last Ones Count
    [Documentation]    6.4 H, 6.5 H: up to 32 KiB of them.
    [Setup]    Give The Test A Player
    VAR    @{many}    @{{ [f"X-Filler-{number}: x" for number in range(150)] }}
    ${id}    New Id
    ${answer}    Send By Hand    GET BASE/inventory HTTP/1.1    Host: HOST    @{many}    X-Request-ID: ${id}
    ...    Authorization: Bearer TOKEN    by=${PLAYER}
    Should Be Equal    ${answer.headers.get("x-request-id")}    ${id}    X-Request-ID is not the call's (6.4)

A Token That Is Not Good Ends No Session
    [Documentation]    2.4 H, 3.3 S: a logout is a call like any other; a token's jti alone logs nobody out.
    [Setup]    Give The Test A Player
    [Template]    Logout Should Be Refused
    # the answer    what is changed of the player's token
    401 invalid_token_signature    roles=["x"]
    401 invalid_token_signature    signed_by=stranger
    401 invalid_token_signature    alg=none    signed_by=nobody
    401 invalid_token_signature    text=HEADER.PAYLOAD.FLIPPED
    [Teardown]    Log Out    ${PLAYER}

A Missing Token Is Refused By The Audit Log
    [Documentation]    3.1 S, 4.10 H.
    [Setup]    Require Part    admin tokens
    Ask For Audit Log    ${NONE}    ${NONE}    expect=401 missing_token

A Logout Without A Token Is Refused
    [Documentation]    2.4 H, 3.1 S, 3.2 S: a call like any other.
    [Setup]    Give The Test A Player
    [Template]    Logout Of Nobody Should Be Refused
    # Authorization header
    ${NONE}
    Basic TOKEN
    Bearer
    [Teardown]    Log Out    ${PLAYER}

A Logout By A Token Without A Name Is Refused
    [Documentation]    2.4 H, 3.4 S: there is nothing that could be revoked.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Logout Should Be Refused
    # the answer    what is changed, signed with the target's key
    401    signed_by=target    jti=(missing)
    401    signed_by=target    jti=""
    [Teardown]    Log Out    ${PLAYER}

A Time In A Token Is A Number
    [Documentation]    3.3 H: an exp that is no number is refused, and no time of a token leads to a 5xx.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Token Should Be Refused
    # player    the answer    what is changed, signed with the target's key
    ${PLAYER}    200    signed_by=target
    ${PLAYER}    401    signed_by=target    exp="9999999999"
    ${PLAYER}    401    signed_by=target    exp="9_999_999_999"
    ${PLAYER}    401    signed_by=target
    ...    exp="\u0669\u0669\u0669\u0669\u0669\u0669\u0669\u0669\u0669\u0669"
    ${PLAYER}    401    signed_by=target    exp=null
    ${PLAYER}    401    signed_by=target    exp=[9999999999]
    ${PLAYER}    401    signed_by=target    exp=true
    ${PLAYER}    200|401    signed_by=target    iat="yesterday"
    ${PLAYER}    200|401    signed_by=target    iat=null
    ${PLAYER}    200|401    signed_by=target    iat=[1]
    ${PLAYER}    200|401    signed_by=target    nbf="yesterday"
    ${PLAYER}    200|401    signed_by=target    nbf=null

A User's Id Is A UUID In Its Usual Form
    [Documentation]    3.6 H.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Token Should Be Refused
    # player    the answer    what is changed, signed with the target's key
    ${PLAYER}    200    signed_by=target
    ${PLAYER}    401 missing_user_id    signed_by=target    sub=${PLAYER.user_id.replace("-", "")}
    ${PLAYER}    401 missing_user_id    signed_by=target    sub=urn:uuid:${PLAYER.user_id}
    ${PLAYER}    401 missing_user_id    signed_by=target    sub=\{${PLAYER.user_id}}
    ${PLAYER}    401 missing_user_id    signed_by=target    sub=${PLAYER.user_id.replace("-", "")}----
    ${PLAYER}    401 missing_user_id    signed_by=target
    ...    sub=${{ $PLAYER.user_id.translate({48 + n: 0xFF10 + n for n in range(10)}) }}


*** Keywords ***
Logout Of Nobody Should Be Refused
    [Documentation]    Fails unless a logout with this header, or without one, is refused, and the player's token is
    ...    good afterwards.
    [Arguments]    ${header}
    VAR    &{headers}    &{EMPTY}
    IF    $header is not None
        ${sent}    With Token    ${header}    ${PLAYER}
        VAR    &{headers}    Authorization=${sent}
    END
    Log Out    ${NONE}    headers=${headers}    expect=401
    Read Inventory    ${PLAYER}

Logout Should Be Refused
    [Documentation]    Fails unless the player's token, changed like this, is refused so by a logout, and is good as it
    ...    was afterwards.
    [Arguments]    ${expect}    &{changes}
    ${token}    Forged Token    ${PLAYER}    &{changes}
    Log Out    ${token}    expect=${expect}
    Read Inventory    ${PLAYER}

Administrator Should Lose All Rights When
    [Documentation]    Fails unless an administrator to whom this happens is refused by every call of administrators,
    ...    after having been let in.
    [Arguments]    ${what happens}
    ${administrator}    Create Administrator
    ${player}    Create Player
    Adjust Inventory    ${administrator}    ${player}    +5 stone
    Read Audit Log    ${administrator}    ${player}
    Change User    ${administrator}    ${what happens}
    Adjust Inventory    ${administrator}    ${player}    +7 stone    expect=401|403
    Ask For Audit Log    ${administrator}    ${player.user_id}    expect=401|403
    Rotate Keys    ${administrator}    expect=401|403
    Inventory Should Be    ${player}    5 stone
    # Nobody has to be able to ask as this user again.
    Note Ended Token    ${administrator}
