*** Settings ***
Documentation     A day ends at 00:00 UTC while callers are busy: what was read before, what is written over midnight,
...               what is read meanwhile (contract 5.1, laws 1 and 6). At a stack of its own, whose clock is late.

Resource          ../../resources/midnight.resource

Suite Setup       Run Keywords    Require Part    services of its own    AND    Let Midnight Pass
Suite Teardown    Stop Services Of Its Own

Test Tags         operations    long


*** Test Cases ***
What Is Written While Midnight Passes Is In The Balance
    [Documentation]    5.1 S, law 1, law 6: of a player with history and of one without; what one day's snapshot
    ...    has not the next day's balance has.
    [Template]    Balance After Midnight Should Be
    # what was written    main    factory
    add    23    0
    reserve    16    4
    return    20    0
    consume    15    0
    adjust    14    0

What Was Owned At Midnight Is Owned Afterwards
    [Documentation]    5.1 S, 5.3 S, law 1, law 6: what was cached before midnight is of a day that has ended.
    Balance After Midnight Should Be    read    20    0

What Was Owned At Midnight Can Be Spent Afterwards
    [Documentation]    5.1 S, 4.5 S, law 2: all of it, and no more.
    FOR    ${past}    IN    with history    without
        VAR    ${player}    ${PLAYERS}[add ${past}]
        Reserve    ${player}    24 stone    by=${OWN SERVICE}    at=${INSTANCE}    expect=400 insufficient_items
        ${operation}    Reserve    ${player}    23 stone    by=${OWN SERVICE}    at=${INSTANCE}
        Return Reserve    ${player}    ${operation}    by=${OWN SERVICE}    at=${INSTANCE}
    END
