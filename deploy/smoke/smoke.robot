*** Settings ***
Documentation    What a version must do before and after players are sent to it: in a few seconds, with players of
...              its own, leaving nothing behind but their ledgers. deploy/deploy.sh runs it against the new
...              version's own address and then against the public one.

Resource         ../../resources/operations.resource
Resource         ../../resources/inventory.resource
Resource         ../../resources/tokens.resource

Suite Setup      Prepare Target

Test Tags        smoke


*** Test Cases ***
The Version Says That It Is Ready
    [Documentation]    6.1 S: health, readiness and liveness.
    Health Should Be
    Health Should Be    /ready
    Health Should Be    /live

A Player Finds What A Service Added
    [Documentation]    2.1 S, 4.3 S, 4.4 S, law 6.
    ${player}    Create Player
    Inventory Should Be    ${player}
    Add Items    ${player}    10 stone    2 wood
    Inventory Should Be    ${player}    10 stone    2 wood

A Reservation Is Returned And Another Consumed
    [Documentation]    4.5 S, 4.6 S, 4.7 S, 4.8 S, law 3.
    ${player}    Create Player Who Owns    10 stone
    ${first}    Reserve    ${player}    4 stone
    Return Reserve    ${player}    ${first}
    ${second}    Reserve    ${player}    3 stone
    Consume Reserve    ${player}    ${second}
    Inventory Should Be    ${player}    7 stone
    Reservation Should Be    ${player}    ${second}    consumed    3 stone

More Than There Is Cannot Be Reserved
    [Documentation]    4.5 S, law 2.
    ${player}    Create Player Who Owns    10 stone
    Reserve    ${player}    11 stone    expect=400 insufficient_items
    Last Answer Should Lack    stone required=11 available=10
    Inventory Should Be    ${player}    10 stone

The Same Operation Is Written Once
    [Documentation]    4.11 H.
    [Tags]    hardening
    ${player}    Create Player
    ${operation}    Add Items    ${player}    5 stone
    Add Items    ${player}    5 stone    operation_id=${operation}
    Inventory Should Be    ${player}    5 stone

A Stranger Is Not Let In
    [Documentation]    3.1 S.
    Read Inventory    ${NONE}    expect=401 missing_token

A Player Cannot Add Items
    [Documentation]    3.7 H.
    [Tags]    hardening
    ${player}    Create Player
    Add Items    ${player}    1 stone    by=${player}    expect=403 insufficient_service_permissions

The Metrics Are There
    [Documentation]    6.2 S.
    ${answer}    Read Metrics
    Metrics Should Have    ${answer}    service_up    http_requests_total    dependency_health
