*** Settings ***
Documentation    Many callers on few players: what they were all told has a one-at-a-time order that respects real time
...              (law 7). What each caller saw is recorded, and a checker looks for the order; where there is none, the
...              log has a picture of the smallest part without one.

Resource         ../../resources/histories.resource

Suite Setup      Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        resilience    concurrency    long


*** Test Cases ***
Callers At Once See A Serial History
    [Documentation]    Law 7, law 6, 4.12 S: additions, reservations that are returned and consumed at one instant,
    ...    reads at all instances.
    ${seed}    Seed Of This Test
    ${one}    Create Player Who Owns    10 stone    10 wood
    ${other}    Create Player Who Owns    10 stone    10 wood
    ${calls}    Prepare A Mix    ${one}    10
    ${more}    Prepare A Mix    ${other}    10
    ${answers}    Send A Mix    ${seed}    12    ${calls}    ${more}
    Requests Should Have Overlapped    ${answers}    3
    History Should Be Serial

Callers At Once See A Serial History Of A Player With History
    [Documentation]    Law 7, law 6, 5.1 S: from the first call of the day on.
    [Setup]    Require Part    database    disposable data
    ${seed}    Seed Of This Test
    ${player}    Create Player With History    5 days ago: 10 stone    3 days ago: 10 wood    2 days ago: -3 stone
    ${calls}    Prepare A Mix    ${player}    12
    Send A Mix    ${seed}    12    ${calls}
    History Should Be Serial
    Snapshots Should Be    ${player}    yesterday: 7 stone    yesterday: 10 wood

Adjustments Take Their Place Among Other Calls
    [Documentation]    Law 7, 4.9 S: the balances that each adjustment told are those of its place in the order.
    [Setup]    Require Part    an administrator    admin calls
    ${seed}    Seed Of This Test
    ${player}    Create Player Who Owns    10 stone    10 wood
    ${calls}    Prepare A Mix    ${player}    10
    ${adjustments}    Prepare Adjustments    ${player}    10
    Send A Mix    ${seed}    12    ${calls}    ${adjustments}
    History Should Be Serial

Calls That Are Sent Again Take Place Once
    [Documentation]    4.11 H, law 7: repeats of additions and reservations, some beside the first call.
    [Tags]    hardening
    ${seed}    Seed Of This Test
    ${player}    Create Player Who Owns    10 stone    10 wood
    ${calls}    Prepare A Mix    ${player}    10
    ${again}    Writes Among    ${calls}    40
    Send A Mix    ${seed}    12    ${calls}    ${again}    ${again}[::2]
    History Should Be Serial    hardening=True

Adjustments That Are Sent Again Take Place Once
    [Documentation]    4.11 H, law 7: repeats of adjustments by their operation ids, among other calls.
    [Tags]    hardening
    [Setup]    Require Part    an administrator    admin calls
    ${seed}    Seed Of This Test
    ${player}    Create Player Who Owns    20 stone    20 wood
    ${calls}    Prepare A Mix    ${player}    6
    ${adjustments}    Prepare Adjustments    ${player}    8
    ${again}    Writes Among    ${adjustments}    8
    Send A Mix    ${seed}    12    ${calls}    ${adjustments}    ${again}    ${again}[::2]
    History Should Be Serial    hardening=True
