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
    [Documentation]    Section 6: health, with all dependencies.
    Health Should Be
    Health Should Be    /ready
    Health Should Be    /live

A Player Finds What A Service Added
    [Documentation]    Sections 2 and 4: login, GET /inventory, add-items; law 6.
    ${player}    Create Player
    Inventory Should Be    ${player}
    Add Items    ${player}    10 stone    2 wood
    Inventory Should Be    ${player}    10 stone    2 wood

A Reservation Is Returned And Another Consumed
    [Documentation]    Section 4; law 3.
    ${player}    Create Player Who Owns    10 stone
    ${first}    Reserve    ${player}    4 stone
    Return Reserve    ${player}    ${first}
    ${second}    Reserve    ${player}    3 stone
    Consume Reserve    ${player}    ${second}
    Inventory Should Be    ${player}    7 stone
    Reservation Should Be    ${player}    ${second}    consumed    3 stone

More Than There Is Cannot Be Reserved
    [Documentation]    Section 4; law 2.
    ${player}    Create Player Who Owns    10 stone
    Reserve    ${player}    11 stone    expect=400 insufficient_items
    Missing Items Should Be    stone required=11 available=10
    Inventory Should Be    ${player}    10 stone

The Same Operation Is Written Once
    [Documentation]    Section 4: repeats.
    [Tags]    hardening
    ${player}    Create Player
    ${operation}    Add Items    ${player}    5 stone
    Add Items    ${player}    5 stone    operation_id=${operation}
    Inventory Should Be    ${player}    5 stone

Nobody Is Let In Who Should Not Be
    [Documentation]    Section 3.
    ${player}    Create Player
    Read Inventory    expect=401 missing_token
    Add Items    ${player}    1 stone    token=${player.token}    expect=403 insufficient_service_permissions

The Metrics Are There
    [Documentation]    Section 6.
    Metrics Should Have    service_up    http_requests_total    dependency_health
