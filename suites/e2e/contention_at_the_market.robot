*** Settings ***
Documentation    Many hands on one player's items: additions, repeats and reads (laws 1, 4, 5, 6 and 7). The first
...              test contends with the other contention suites when they run at the same time.

Resource         ../../resources/concurrency.resource

Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e    concurrency


*** Test Cases ***
Contending Suites Leave A Lawful Ledger: Adding And Consuming
    [Documentation]    Law 1, law 2, law 3, law 4, under robot, pabot --processes 2 and 8, in any order.
    ${shared}    Join A Contest For One Player
    ${reserves}    Prepare    15    Reserve    ${shared}    3 stone
    ${additions}    Prepare    15    Add Items    ${shared}    1 stone    1 wood
    ${answers}    Send Together    ${reserves}    ${additions}
    Answers Should Be    ${answers}    200=30
    ${consumes}    Prepare Ends    Consume Reserve    ${shared}    ${reserves}
    ${answers}    Send Together    ${consumes}
    Answers Should Be    ${answers}    200=15
    [Teardown]    Leave The Contest

Every Addition Made At Once Is Counted
    [Documentation]    Law 1, law 5: no addition is lost.
    ${player}    Create Player
    ${additions}    Prepare    40    Add Items    ${player}    3 stone    1 keys/key
    ${answers}    Send Together    ${additions}
    Answers Should Be    ${answers}    200=40
    Requests Should Have Overlapped    ${answers}    10
    Inventory Should Be    ${player}    120 stone    40 keys/key

The Same Addition Sent Many Times At Once Counts Once
    [Documentation]    4.11 H: all are answered with the same rows.
    [Tags]    hardening
    ${player}    Create Player
    ${operation}    New Id
    ${additions}    Prepare    12    Add Items    ${player}    5 stone    operation_id=${operation}
    ${answers}    Send Together    ${additions}
    Answers Should Be    ${answers}    200=12
    Answers Should Agree On    ${answers}    operation_ids
    Inventory Should Be    ${player}    5 stone

The Same Operation Id With Two Contents At Once Is Written Once
    [Documentation]    4.11 H: one content wins, the other is a conflict.
    [Tags]    hardening
    ${player}    Create Player
    ${operation}    New Id
    ${stones}    Prepare    6    Add Items    ${player}    5 stone    operation_id=${operation}
    ${woods}    Prepare    6    Add Items    ${player}    5 wood    operation_id=${operation}
    ${answers}    Send Together    ${stones}    ${woods}
    Answers Should Be    ${answers}    200=6    operation_conflict=6

What One Instance Acknowledged The Other Shows At Once
    [Documentation]    Law 6, across instances: no cache serves an older balance.
    ${player}    Create Player
    ${second}    Second Instance
    Inventory Should Be    ${player}    at=${second}
    Add Items    ${player}    5 stone
    Inventory Should Be    ${player}    5 stone    at=${second}
    Reserve    ${player}    2 stone    at=${second}
    Inventory Should Be    ${player}    3 stone
    Inventory Should Be    ${player}    2 stone    section=factory

Balances Read While Others Write Never Leave The Possible Range
    [Documentation]    Law 2, law 7: between nothing and everything that was ever added.
    ${player}    Create Player Who Owns    20 stone
    ${reserves}    Prepare    20    Reserve    ${player}    1 stone
    ${reads}    Prepare    20    Read Inventory    ${player}
    ${answers}    Send Together    ${reserves}    ${reads}
    Answers Should Be    ${answers}    200=40
    Quantities Told Should Be Between    ${answers}    stone    0    20
    Inventory Should Be    ${player}
