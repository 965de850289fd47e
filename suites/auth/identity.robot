*** Settings ***
Documentation    Who a caller is, what says so, and what does not (contract 2.1, 2.2, 2.11, 4.3).

Resource         ../../resources/tokens.resource

Test Tags        auth


*** Test Cases ***
Nothing But The Token Says Who The Player Is
    [Documentation]    4.3 S: no header and no parameter makes a caller somebody else.
    [Setup]    Give The Test A Player
    [Template]    Claim To Be Somebody Else Should Count For Nothing
    # header or parameter
    X-User-Id
    X-User-ID
    X-Player-Id
    X-Telegram-Id
    X-Forwarded-User
    ?user_id
    ?player_id
    ?sub

An Administrator Is Nobody But Themselves Either
    [Documentation]    4.3 S, 3.7 H: who is an administrator is a player too.
    [Tags]    hardening
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Give The Test An Administrator As Its Player
    [Template]    Claim To Be Somebody Else Should Count For Nothing
    # header or parameter
    X-User-Id
    ?user_id
    ?player_id
    ?sub

No Other Claim Than The Subject Says Who The Player Is
    [Documentation]    4.3 S: the token's sub and nothing else, whatever else it names.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    signing key
    [Template]    Another Claim Should Count For Nothing
    # the claim, which names another player
    user_id
    uid
    id
    player_id
    telegram_id

Telegram's Numbers Are Told Apart However Large They Are
    [Documentation]    2.1 S, 2.2 S, 2.10 S: two that one floating-point number stands for are two users, by any login.
    ${ways}    Target Setting    login_ways
    FOR    ${way}    IN    @{ways}
        Neighbours Should Be Two Users    ${way}
    END

A Refused Login Ends No Token Of The User
    [Documentation]    2.2 S, 2.11 S: who knows a user's number alone logs nobody out.
    [Setup]    Know A User Of Telegram
    [Template]    Refused Login Should Leave The Token Good
    # the answer    what is wrong with the init data
    401 invalid_telegram_signature    signed_by=another bot
    401 invalid_telegram_signature    signed_by=nobody
    401 invalid_telegram_signature    signed_by=another bot    auth_date=now - 86500
    401 invalid_telegram_signature    after=${{ {"hash": "FLIPPED"} }}
    400 expired_auth_date    auth_date=now - 86500
    401 invalid_user_data    user.first_name=(missing)

A Refused Login Leaves What Is Kept Of The User As It Was
    [Documentation]    2.2 S: the signature decides first, and nobody else's word counts.
    [Setup]    Run Keywords    Require Part    database
    ...    AND    Know A User Of Telegram
    ${before}    Row Of User    ${KNOWN.telegram_id}
    FOR    ${signer}    IN    another bot    nobody
        Refused Login Should Leave The Token Good    401 invalid_telegram_signature    signed_by=${signer}
    END
    ${after}    Row Of User    ${KNOWN.telegram_id}
    FOR    ${column}    IN    id    username    first_name    last_name    language_code    is_premium    photo_url
    ...    created_at    updated_at    last_login_at    is_active
        Should Be Equal    ${{ $after.get($column) }}    ${{ $before.get($column) }}
        ...    A refused login changed ${column} of auth.users (2.2)
    END


*** Keywords ***
Give The Test An Administrator As Its Player
    [Documentation]    For test setups: ${PLAYER} is an administrator of this test (3.7).
    ${administrator}    Create Administrator
    VAR    ${PLAYER}    ${administrator}    scope=TEST

Claim To Be Somebody Else Should Count For Nothing
    [Documentation]    Fails unless a read that names another player, in a header or a parameter, is the caller's own.
    [Arguments]    ${where}
    ${other}    Create Player Who Owns    7 stone
    IF    $where.startswith("?")
        ${answer}    Read Inventory    ${PLAYER}    query=${{ $where[1:] }}=${other.user_id}    expect=200|400
        IF    ${answer.status} == 400    RETURN
    ELSE
        VAR    &{headers}    ${where}=${other.user_id}
        ${answer}    Read Inventory    ${PLAYER}    headers=${headers}
    END
    Items Should Be    ${answer}    items

Another Claim Should Count For Nothing
    [Documentation]    Fails unless a token that names another player in this claim is the caller's own. Whether it may
    ...    name another number of Telegram than the user's, no rule says.
    [Arguments]    ${claim}
    ${other}    Create Player Who Owns    7 stone
    VAR    &{changes}    ${claim}=${{ $other.telegram_id if $claim == "telegram_id" else $other.user_id }}
    ${token}    Forged Token    ${PLAYER}    signed_by=target    jti=(new)    &{changes}
    ${answer}    Read Inventory    ${token}    expect=${{ "200|401" if $claim == "telegram_id" else 200 }}
    IF    ${answer.status} == 200    Items Should Be    ${answer}    items

Neighbours Should Be Two Users
    [Documentation]    Fails unless the logins of two neighbouring numbers, if they are taken, are of these numbers.
    [Arguments]    ${way}
    VAR    ${even}    ${{ 2 * random.randint(2**52, 2**61) }}
    VAR    @{ids}    @{EMPTY}
    FOR    ${number}    IN    ${even}    ${even + 1}
        ${player}    Log In    ${number}    ${way}    expect=200|4xx
        IF    $player is None    RETURN
        ${answer}    Last Answer
        Should Be Equal    ${answer.body}[user][telegram_id]    ${number}    The login is another user's (2.1)
        Should Be Equal    ${player.token.claims}[telegram_id]    ${number}    The token is another user's (2.10)
        VAR    @{ids}    @{ids}    ${player.user_id}
    END
    Should Not Be Equal    ${ids}[0]    ${ids}[1]    Two users of Telegram are one here (2.1)

Know A User Of Telegram
    [Documentation]    ${KNOWN} has logged in by Telegram.
    Require Part    telegram login
    ${player}    Log In    way=telegram
    VAR    ${KNOWN}    ${player}    scope=TEST

Refused Login Should Leave The Token Good
    [Documentation]    Fails unless init data of the known user is refused so, and the user's token is good afterwards.
    [Arguments]    ${expect}    &{changes}
    ${data}    Init Data    ${KNOWN.telegram_id}    user.username=somebody_else    &{changes}
    Send Init Data    ${data}    expect=${expect}
    Read Inventory    ${KNOWN}
