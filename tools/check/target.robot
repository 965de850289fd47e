*** Settings ***
Documentation    What `python -m libraries.target check` asks a target before the first run. A login, and nothing else,
...              leaves something behind.

Resource         ../../resources/administration.resource
Resource         ../../resources/operations.resource


*** Test Cases ***
Login
    [Documentation]    2.1 S, 2.2 S.
    [Tags]    auth
    ${player}    Log In
    VAR    ${PLAYER}    ${player}    scope=SUITE
    Set Test Message    a new user is logged in: ${player.user_id}

Players' Calls
    [Documentation]    4.3 S.
    [Tags]    auth    public
    Read Inventory    ${PLAYER}
    Set Test Message    a player is let in

Services' Calls
    [Documentation]    4.8 S: a reservation that nobody made.
    [Tags]    internal
    ${id}    New Id
    ${answer}    Read Reservation    ${id}    expect=404
    Answer Should Have    ${answer}    reservation_exists false
    Set Test Message    a service is let in

Administrators' Calls
    [Documentation]    3.1 S, 4.1 S, 4.9 S: an adjustment without items, which changes nothing.
    [Tags]    admin
    ${guard}    Target Setting    admin_auth
    # Also where nobody can be an administrator: is the call there?
    IF    $guard == "token"
        Send    POST    /adjust    ${{ {} }}    to=admin    expect=401
    END
    Require Part    an administrator
    ${given}    Target Setting    admin_token
    IF    $guard == "token" and not $given
        Set Test Message    will be made in the database
    ELSE
        Share One Administrator
        Send    POST    /adjust    ${{ {} }}    to=admin    by=${ADMINISTRATOR}    expect=400
        Set Test Message    an administrator is let in
    END

Published Key
    [Documentation]    2.6 S.
    [Tags]    auth
    ${keys}    Published Keys
    Signing Key Should Be Published    ${keys}
    ${given}    Target Setting    signing_key_file
    Set Test Message    ${{ "the signing key belongs to it" if $given else "can be read" }}

Health
    [Documentation]    2.8 S, 6.1 S.
    [Tags]    health
    Read Health
    Set Test Message    healthy

Metrics
    [Documentation]    6.2 S.
    [Tags]    metrics
    ${answer}    Read Metrics
    Metrics Should Have    ${answer}    http_requests_total    service_up
    Set Test Message    can be read
