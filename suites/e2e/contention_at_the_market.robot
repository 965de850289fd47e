*** Settings ***
Documentation    Many hands on one player's items: additions, repeats and reads (laws 1, 4, 5, 6 and 7). The first
...              test contends with the other contention suites when they run at the same time.

Resource         ../../resources/contests.resource
Resource         ../../resources/ledger.resource
Resource         ../../resources/operations.resource

Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e    concurrency


*** Test Cases ***
Contending Suites Leave A Lawful Ledger: Adding And Consuming
    [Documentation]    Laws 1 to 4, under robot, pabot --processes 2 and 8, in any order.
    ${shared}    Join Contest    one player    300 stone    contenders=2
    ${reserves}    Prepare Calls    15    reserve    ${shared}    3 stone
    ${additions}    Prepare Calls    15    add items    ${shared}    1 stone    1 wood
    ${answers}    Send Together    ${reserves}    ${additions}
    Answers Should Be    ${answers}    200=30
    ${consumes}    Prepare Ends    consume    ${reserves}
    ${answers}    Send Together    ${consumes}
    Answers Should Be    ${answers}    200=15
    [Teardown]    Leave Contest

Every Addition Made At Once Is Counted
    [Documentation]    Laws 1 and 5: no addition is lost.
    ${player}    Create Player
    ${additions}    Prepare Calls    40    add items    ${player}    3 stone    1 keys/key
    ${answers}    Send Together    ${additions}
    Answers Should Be    ${answers}    200=40
    Requests Should Have Overlapped    ${answers}    10
    Inventory Should Be    ${player}    120 stone    40 keys/key

The Same Addition Sent Many Times At Once Counts Once
    [Documentation]    Section 4, repeats: all are answered with the same rows.
    [Tags]    hardening
    ${player}    Create Player
    ${operation}    New Operation Id
    ${additions}    Prepare Calls    12    add items    ${player}    5 stone    operation_id=${operation}
    ${answers}    Send Together    ${additions}
    Answers Should Be    ${answers}    200=12
    Answers Should Name The Same Rows    ${answers}
    Inventory Should Be    ${player}    5 stone

The Same Operation Id With Two Contents At Once Is Written Once
    [Documentation]    Section 4, repeats: one content wins, the other is a conflict.
    [Tags]    hardening
    ${player}    Create Player
    ${operation}    New Operation Id
    ${stones}    Prepare Calls    6    add items    ${player}    5 stone    operation_id=${operation}
    ${woods}    Prepare Calls    6    add items    ${player}    5 wood    operation_id=${operation}
    ${answers}    Send Together    ${stones}    ${woods}
    Answers Should Be    ${answers}    200=6    operation_conflict=6

What One Instance Acknowledged The Other Shows At Once
    [Documentation]    Law 6 across instances: no cache serves an older balance.
    ${player}    Create Player
    ${second}    Second Instance
    Inventory Should Be    ${player}    at=${second}
    Add Items    ${player}    5 stone
    Inventory Should Be    ${player}    5 stone    at=${second}
    Reserve    ${player}    2 stone    at=${second}
    Inventory Should Be    ${player}    3 stone
    Inventory Should Be    ${player}    2 stone    section=factory

Balances Read While Others Write Never Leave The Possible Range
    [Documentation]    Laws 2 and 7: between nothing and everything that was ever added.
    ${player}    Create Player Who Owns    20 stone
    ${reserves}    Prepare Calls    20    reserve    ${player}    1 stone
    ${reads}    Prepare Calls    20    read    ${player}
    ${answers}    Send Together    ${reserves}    ${reads}
    Answers Should Be    ${answers}    200=40
    Quantities Read Should Be Between    ${answers}    stone    0    20
    Inventory Should Be    ${player}
