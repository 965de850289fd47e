*** Settings ***
Documentation    What still holds when a service or a cache goes wrong: rights in the database, and damaged entries
...              (contract 5.3, 5.4).

Resource         ../../resources/operations.resource
Resource         ../../resources/ledger.resource

Test Tags        e2e    hardening


*** Test Cases ***
The Services' Role Can Only Add
    [Documentation]    5.4 H: nothing is changed or removed, in the database itself.
    [Setup]    Require Part    services' database users
    [Template]    Services Should Only Add To
    # table
    operations
    audit_log

Damaged Entries Of The Cache Cost No Correctness
    [Documentation]    5.3 H.
    [Setup]    Require Part    redis    database    disposable data
    [Template]    Inventory Should Be Right With A Cache That Is
    # what happens to each entry
    cut
    emptied
    one bit
    noise
    another's
    a list


*** Keywords ***
Inventory Should Be Right With A Cache That Is
    [Documentation]    Fails unless an inventory is read rightly, twice, after what was cached of it was damaged.
    [Arguments]    ${how}
    ${player}    Player With A Past    10 stone
    ${other}    Player With A Past    77 stone
    Damage What Is Cached Of    ${player}    ${how}    ${other}
    Inventory Should Be    ${player}    10 stone
    Inventory Should Be    ${player}    10 stone

Player With A Past
    [Documentation]    A player who got this three days ago, and has looked at it today.
    [Arguments]    ${items}
    ${player}    Create Player
    Write History    ${player}    3 days ago: ${items}
    Inventory Should Be    ${player}    ${items}
    RETURN    ${player}
