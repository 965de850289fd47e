*** Settings ***
Documentation    What still holds when a service, a cache or a machine goes wrong: rights in the database, its log on
...              the disk, and damaged entries (contract 5.3, 5.4, law 5).

Resource         ../../resources/administration.resource
Resource         ../../resources/operations.resource
Resource         ../../resources/ledger.resource

Test Tags        e2e    hardening


*** Test Cases ***
What Was Acknowledged Is On The Database's Disk
    [Documentation]    Law 5: a 200 is in the ledger after a crash, of the database and its machine too.
    [Tags]    -hardening
    [Setup]    Run Keywords    Give The Test A Player Who Owns    50 stone
    ...    AND    Share One Administrator
    [Template]    Write Should Be On The Disk When It Is Acknowledged
    # call
    add
    reserve
    return
    consume
    adjust

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
Write Should Be On The Disk When It Is Acknowledged
    [Documentation]    Fails unless the database has its log on the disk beyond where it was before each of some writes.
    ...    Others who write meanwhile may hide it.
    [Arguments]    ${call}
    FOR    ${_}    IN RANGE    3
        ${operation}    Add Items    ${PLAYER}    1 stone
        IF    $call in ("return", "consume")
            ${operation}    Reserve    ${PLAYER}    1 stone
        END
        ${before}    Log Of The Database
        IF    $call == "add"
            Add Items    ${PLAYER}    1 stone
        ELSE IF    $call == "reserve"
            Reserve    ${PLAYER}    1 stone
        ELSE IF    $call == "adjust"
            Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone
        ELSE
            Run Keyword    ${call} Reserve    ${PLAYER}    ${operation}
        END
        ${after}    Log Of The Database
        Should Be True    ${after}[on_disk] > ${before}[written]
        ...    A write by ${call} is acknowledged before it is on the disk (law 5)
    END

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
