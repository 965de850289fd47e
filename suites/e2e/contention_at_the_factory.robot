*** Settings ***
Documentation    Many hands on one player's items: reservations and their ends (laws 2, 3, 4 and 7; seed, section
...              7.2). The first test contends with the other contention suites when they run at the same time.

Resource         ../../resources/contests.resource
Resource         ../../resources/ledger.resource
Resource         ../../resources/operations.resource

Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e    concurrency


*** Test Cases ***
Contending Suites Leave A Lawful Ledger: Reserving And Returning
    [Documentation]    Laws 1 to 4, under robot, pabot --processes 2 and 8, in any order.
    ${shared}    Join Contest    one player    300 stone    contenders=2
    ${reserves}    Prepare Calls    20    reserve    ${shared}    2 stone
    ${reads}    Prepare Calls    5    read    ${shared}
    ${answers}    Send Together    ${reserves}    ${reads}
    Answers Should Be    ${answers}    200=25
    ${returns}    Prepare Ends    return    ${reserves}
    ${answers}    Send Together    ${returns}
    Answers Should Be    ${answers}    200=20
    [Teardown]    Leave Contest

Exactly As Many Reservations Succeed As There Are Items
    [Documentation]    Law 2, and seed 7.2 TestConcurrentOperations: 40 at once, each of 1, against 10.
    ${player}    Create Player Who Owns    10 stone
    ${reserves}    Prepare Calls    40    reserve    ${player}    1 stone
    ${answers}    Send Together    ${reserves}
    Answers Should Be    ${answers}    200=10    insufficient_items=30
    Requests Should Have Overlapped    ${answers}    10
    Inventory Should Be    ${player}
    Inventory Should Be    ${player}    10 stone    section=factory

Calls That Have All Seen The Same Balance Do Not All Spend It
    [Documentation]    Law 2: ten at once, each of 1, against 5; the race that a service without a lock always loses.
    ${player}    Create Player Who Owns    5 stone
    ${reserves}    Prepare Calls    10    reserve    ${player}    1 stone
    ${answers}    Send Together Before Any Row Is Written    ${reserves}
    Answers Should Be    ${answers}    200=5    insufficient_items=5
    Inventory Should Be    ${player}    5 stone    section=factory

Two Instances Together Never Give Out More Than There Is
    [Documentation]    Law 2 across instances, on a player without any snapshot: 200 at once, each of 1, against 50.
    ${player}    Create Player Who Owns    50 stone
    ${first}    First Instance
    ${second}    Second Instance
    ${here}    Prepare Calls    100    reserve    ${player}    1 stone    at=${first}
    ${there}    Prepare Calls    100    reserve    ${player}    1 stone    at=${second}
    ${answers}    Send Together    ${here}    ${there}
    Answers Should Be    ${answers}    200=50    insufficient_items=150
    Requests Should Have Overlapped    ${answers}    20
    Inventory Should Be    ${player}    50 stone    section=factory    at=${second}

A Reservation Returned And Consumed At Once Ends In One Way
    [Documentation]    Law 3 and section 4: 409 also when both arrive at the same instant.
    [Tags]    hardening
    ${player}    Create Player Who Owns    10 stone
    ${operation}    Reserve    ${player}    10 stone
    ${returns}    Prepare Calls    5    return    ${player}    ${operation}
    ${consumes}    Prepare Calls    5    consume    ${player}    ${operation}
    ${answers}    Send Together    ${returns}    ${consumes}
    Answers Should Be    ${answers}    200=1    reservation_not_active=9
    Inventory Should Be    ${player}    section=factory

The Same Reservation Sent Many Times At Once Is Made Once
    [Documentation]    Section 4, repeats: all are answered with the same rows.
    [Tags]    hardening
    ${player}    Create Player Who Owns    10 stone
    ${operation}    New Operation Id
    ${reserves}    Prepare Calls    12    reserve    ${player}    4 stone    operation_id=${operation}
    ${answers}    Send Together    ${reserves}
    Answers Should Be    ${answers}    200=12
    Answers Should Name The Same Rows    ${answers}
    Inventory Should Be    ${player}    6 stone

A Reservation Of Several Items Takes All Or None
    [Documentation]    Law 4: pairs of stone and wood, one wood too few.
    ${player}    Create Player Who Owns    20 stone    7 wood
    ${reserves}    Prepare Calls    20    reserve    ${player}    1 stone    1 wood
    ${answers}    Send Together    ${reserves}
    Answers Should Be    ${answers}    200=7    insufficient_items=13
    Inventory Should Be    ${player}    13 stone
    Inventory Should Be    ${player}    7 stone    7 wood    section=factory
