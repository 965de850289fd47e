*** Settings ***
Documentation    Who may call what: for each path, what a stranger, a player, a service and an administrator get
...              (contract, section 3 rule 7).

Resource         ../../resources/tokens.resource
Resource         ../../resources/administration.resource

Suite Setup      Share One Administrator
Test Setup       Give The Test A Player

Test Tags        auth


*** Variables ***
# The answers of the role matrix. What is let in with an empty body gets as far as its validation.
${WHO}           401 missing_token
${NO_SERVICE}    403 insufficient_service_permissions
${NO_ADMIN}      403 forbidden
${LET_IN}        400 validation_failed


*** Test Cases ***
Each Path Lets In Exactly The Roles It Is For
    [Documentation]    Section 3 rule 7.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    service tokens    admin calls
    ...    AND    Give The Test A Player
    [Template]    Roles Should Get
    # path    a stranger    a player    a service    an administrator
    GET /inventory    ${WHO}    200    -    -
    POST /inventory/add-items    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    POST /inventory/reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    POST /inventory/return-reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    POST /inventory/consume-reserve    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    GET /inventory/reservation/not-a-uuid    ${WHO}    ${NO_SERVICE}    ${LET_IN}    ${NO_SERVICE}
    POST /admin/inventory/adjust    ${WHO}    ${NO_ADMIN}    ${NO_ADMIN}    ${LET_IN}
    GET /admin/inventory/audit    ${WHO}    ${NO_ADMIN}    ${NO_ADMIN}    ${LET_IN}

Only An Administrator May Rotate The Signing Key
    [Documentation]    Section 2: POST /auth/keys/rotate.
    [Tags]    hardening
    [Template]    Access Should Be Refused
    # path    whose token    the answer
    POST /auth/keys/rotate    ${NONE}    401
    POST /auth/keys/rotate    ${PLAYER}    403 forbidden

A Player Can Never Add Items To Anybody, Themselves Included
    [Documentation]    Section 3, last rule.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    service tokens
    ...    AND    Give The Test A Player
    ${other}    Create Player
    Add Items    ${PLAYER}    1000 stone    token=${PLAYER.token}    expect=403 insufficient_service_permissions
    Add Items    ${other}    1000 stone    token=${PLAYER.token}    expect=403 insufficient_service_permissions
    Inventory Should Be    ${PLAYER}
    Inventory Should Be    ${other}

An Administrator Cannot Act As A Service
    [Documentation]    Section 3, last rule: roles are not interchangeable.
    [Tags]    hardening
    [Setup]    Run Keywords    Require Part    service tokens
    ...    AND    Give The Test A Player
    Add Items    ${PLAYER}    5 stone
    Add Items    ${PLAYER}    5 stone    token=${ADMINISTRATOR.token}    expect=403 insufficient_service_permissions
    Reserve    ${PLAYER}    5 stone    token=${ADMINISTRATOR.token}    expect=403 insufficient_service_permissions
    Inventory Should Be    ${PLAYER}    5 stone

A Role Claimed By The Player's Own Token Counts For Nothing Without The Key
    [Documentation]    Section 3 rule 3 before rule 7: a changed payload is no identity at all.
    ${token}    Forge Token    ${PLAYER}    roles added to the payload
    Add Items    ${PLAYER}    1000 stone    token=${token}    expect=401 invalid_token_signature
    Inventory Should Be    ${PLAYER}

A Service Is Not Anybody's Administrator
    [Documentation]    Section 3 rule 7: an admin call without role admin is refused.
    [Setup]    Run Keywords    Require Part    service tokens    admin calls
    ...    AND    Give The Test A Player
    Service Should Be Refused    POST /admin/inventory/adjust    403 forbidden
    Inventory Should Be    ${PLAYER}


*** Keywords ***
Roles Should Get
    [Documentation]    One row of the role matrix, with this test's player and this suite's administrator.
    [Arguments]    ${path}    ${for_stranger}    ${for_player}    ${for_service}    ${for_administrator}
    Access Should Be    ${path}    ${for_stranger}    ${PLAYER}    ${for_player}    ${for_service}    ${ADMINISTRATOR}
    ...    ${for_administrator}
