*** Settings ***
Documentation    Who may call what: for each path, what a stranger, a player, a service and an administrator get
...              (contract 3.7).

Resource         ../../resources/tokens.resource
Resource         ../../resources/administration.resource

Suite Setup      Share One Administrator
Test Setup       Give The Test A Player

Test Tags        auth    hardening


*** Variables ***
# The answers of the role matrix. What is let in with an empty body gets as far as its validation.
${WHO}           401 missing_token
${NO_SERVICE}    403 insufficient_service_permissions
${NO_ADMIN}      403 forbidden
${LET_IN}        400 validation_failed


*** Test Cases ***
Each Path Lets In Exactly The Roles It Is For
    [Documentation]    3.7 H.
    [Setup]    Run Keywords    Require Part    service tokens    admin tokens
    ...    AND    Give The Test A Player
    [Template]    Access Should Be
    # path    a stranger    a player    a service    an administrator
    GET /inventory    ${WHO}    200    -    200
    POST /inventory/add-items    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    POST /inventory/reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    POST /inventory/return-reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    POST /inventory/consume-reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    GET /inventory/reservation/not-a-uuid    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    POST /admin/inventory/adjust    ${WHO}    ${NO_ADMIN}    ${NO_ADMIN}    ${LET_IN}
    GET /admin/inventory/audit    ${WHO}    ${NO_ADMIN}    ${NO_ADMIN}    ${LET_IN}
    POST /auth/keys/rotate    401    ${NO_ADMIN}    ${NO_ADMIN}    -

A Player Can Never Add Items To Anybody, Themselves Included
    [Documentation]    3.7 H.
    [Setup]    Run Keywords    Require Part    service tokens
    ...    AND    Give The Test A Player
    ${other}    Create Player
    Add Items    ${PLAYER}    1000 stone    by=${PLAYER}    expect=403 insufficient_service_permissions
    Add Items    ${other}    1000 stone    by=${PLAYER}    expect=403 insufficient_service_permissions
    Inventory Should Be    ${PLAYER}
    Inventory Should Be    ${other}

An Administrator Cannot Act As A Service
    [Documentation]    3.7 H: roles are not interchangeable.
    [Setup]    Run Keywords    Require Part    service tokens    admin tokens
    ...    AND    Give The Test A Player
    Add Items    ${PLAYER}    5 stone
    Add Items    ${PLAYER}    5 stone    by=${ADMINISTRATOR}    expect=403 insufficient_service_permissions
    Reserve    ${PLAYER}    5 stone    by=${ADMINISTRATOR}    expect=403 insufficient_service_permissions
    Inventory Should Be    ${PLAYER}    5 stone

A Role Claimed By The Player's Own Token Counts For Nothing Without The Key
    [Documentation]    3.3 S, 3.7 H: a changed payload is no identity at all.
    [Setup]    Run Keywords    Require Part    service tokens
    ...    AND    Give The Test A Player
    ${token}    Forged Token    ${PLAYER}    roles=["admin", "internal"]
    Add Items    ${PLAYER}    1000 stone    by=${token}    expect=401 invalid_token_signature
    Inventory Should Be    ${PLAYER}
