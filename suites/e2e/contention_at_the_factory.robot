*** Settings ***
Documentation    Many hands on one player's items: reservations and their ends (laws 2, 3, 4 and 7; seed 7.2). The
...              first test contends with the other contention suites when they run at the same time.

Resource         ../../resources/contests.resource
Resource         ../../resources/administration.resource

Suite Setup      Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e    concurrency


*** Test Cases ***
Contending Suites Leave A Lawful Ledger: Reserving And Returning
    [Documentation]    Law 1, law 2, law 3, law 4, under robot, pabot --processes 2 and 8, in any order.
    ${shared}    Join A Contest For One Player
    ${reserves}    Prepare    20    Reserve    ${shared}    2 stone
    ${reads}    Prepare    5    Read Inventory    ${shared}
    ${answers}    Send Together    ${reserves}    ${reads}
    Answers Should Be    ${answers}    200=25
    ${returns}    Prepare Ends    Return Reserve    ${shared}    ${reserves}
    ${answers}    Send Together    ${returns}
    Answers Should Be    ${answers}    200=20
    [Teardown]    Leave The Contest

Exactly As Many Reservations Succeed As There Are Items
    [Documentation]    Law 2. Seed 7.2 TestConcurrentOperations: 40 at once, each of 1, against 10.
    ${player}    Create Player Who Owns    10 stone
    ${reserves}    Prepare    40    Reserve    ${player}    1 stone
    ${answers}    Send Together    ${reserves}
    Answers Should Be    ${answers}    200=10    insufficient_items=30
    Requests Should Have Overlapped    ${answers}    3
    Inventory Should Be    ${player}
    Inventory Should Be    ${player}    10 stone    section=factory

Calls That Have All Seen The Same Balance Do Not All Spend It
    [Documentation]    Law 2: ten at once, each of 1, against 5; the race that a service without a lock always loses.
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player Who Owns    5 stone
    ${reserves}    Prepare    10    Reserve    ${player}    1 stone
    ${answers}    Send Together Before Any Row Is Written    ${reserves}
    Answers Should Be    ${answers}    200=5    insufficient_items=5
    Inventory Should Be    ${player}    5 stone    section=factory

The Last One Is Taken Once, Whoever Takes It
    [Documentation]    Law 2, law 7: calls that have all seen that there is one, and each want it; also where each
    ...    instance has been asked for it before, and may remember.
    [Tags]    long
    [Setup]    Require Part    database    disposable data
    [Template]    Last One Should Be Taken Once
    # history or not    section    how often it was read before, at each instance
    today: 1 stone    main    0
    3 days ago: 1 stone    main    0
    today: 1 stone    factory    0
    today: 1 stone    trade    0
    3 days ago: 1 stone    trade    0
    today: 1 stone    main    2
    3 days ago: 1 stone    main    2
    today: 1 stone    factory    2

The Id Of What Was Refused Is Free For Many At Once
    [Documentation]    4.5 S, 4.6 S, law 5: a refusal leaves nothing behind, no lock either, on whatever connection.
    ${player}    Create Player Who Owns    1 wood
    ${id}    New Id
    FOR    ${end}    IN    Return Reserve    Consume Reserve
        Run Keyword    ${end}    ${player}    ${id}    expect=404
    END
    Repeat Keyword    2 times    Reserve    ${player}    1 stone    operation_id=${id}
    ...    expect=400 insufficient_items
    Add Items    ${player}    8 stone
    ${reserves}    Prepare    8    Reserve    ${player}    1 stone    operation_id=${id}
    ${answers}    Send Together    ${reserves}
    Each Answer Should Be    ${answers}    200|4xx
    Should Be True    any(one.status == 200 for one in $answers)    Nobody could reserve under the id of a refused call

Reservations That Are Read At One Instant Each Tell Their Own
    [Documentation]    4.8 S.
    ${player}    Create Player Who Owns    36 stone
    VAR    @{ids}    @{EMPTY}
    FOR    ${stones}    IN RANGE    1    9
        ${id}    Reserve    ${player}    ${stones} stone
        VAR    @{ids}    @{ids}    ${id}
    END
    ${reads}    Prepare For Each    ${ids}    Read Reservation
    ${answers}    Send Together    ${{ $reads * 4 }}
    Answers Should Be    ${answers}    200=32
    FOR    ${answer}    IN    @{answers}
        VAR    ${stones}    ${{ $ids.index($answer.member("operation_id").lower()) + 1 }}
        Should Be Equal    ${{ $answer.call.path.split("/")[-1] }}    ${answer.body}[operation_id]
        ...    One reservation was asked for and another one told (4.8)    ignore_case=True
        Items Should Be    ${answer}    reserved_items    ${stones} stone
    END

Reservations Of Earlier Days End At Once As The First Calls Of The Day
    [Documentation]    5.1 S, 4.6 S, 4.7 S, 4.12 S: each is answered, and yesterday is closed once.
    [Tags]    long
    [Setup]    Require Part    database    disposable data
    ${player}    Create Player With History    9 days ago: 30 stone
    VAR    @{operations}    @{EMPTY}
    FOR    ${_}    IN RANGE    10
        ${operation}    Write A Reservation    ${player}    1 stone    days_ago=3
        VAR    @{operations}    @{operations}    ${operation}
    END
    ${returns}    Prepare For Each    ${operations}[:5]    Return Reserve    ${player}
    ${consumes}    Prepare For Each    ${operations}[5:]    Consume Reserve    ${player}
    ${reads}    Prepare    4    Read Inventory    ${player}    factory
    ${answers}    Race    ${returns}    ${consumes}    ${reads}    table=inventory.daily_balances
    Answers Should Be    ${answers}    200=14
    Inventory Should Be    ${player}    25 stone

Readers See A Reservation And Its End As A Whole
    [Documentation]    Law 3, law 4: while reservations are made and ended, main and factory have what they had.
    [Tags]    long
    [Setup]    Require Part    database
    ${player}    Create Player Who Owns    40 stone
    ${reserves}    Prepare    20    Reserve    ${player}    2 stone
    ${answers}    Send Together While The Total Is Watched    ${player}    ${reserves}
    Answers Should Be    ${answers}    200=20
    ${returns}    Prepare Ends    Return Reserve    ${player}    ${reserves}
    ${answers}    Send Together While The Total Is Watched    ${player}    ${returns}
    Answers Should Be    ${answers}    200=20

Two Instances Together Never Give Out More Than There Is
    [Documentation]    Law 2, across instances, on a player without any snapshot: 200 at once, each of 1, against 50.
    [Tags]    long
    ${player}    Create Player Who Owns    50 stone
    ${instances}    Target Setting    instances
    ${second}    Second Instance
    ${here}    Prepare    100    Reserve    ${player}    1 stone    at=${instances}[0]
    ${there}    Prepare    100    Reserve    ${player}    1 stone    at=${second}
    ${answers}    Send Together    ${here}    ${there}    fail_on_5xx=False
    ${given}    Given Out Should Be At Most    ${answers}    50
    Requests Should Have Overlapped    ${answers}    3
    Inventory Should Be    ${player}    ${given} stone    section=factory    at=${second}

A Reservation Returned And Consumed At Once Ends In One Way
    [Documentation]    4.12 H: 409 also when both arrive at the same instant.
    [Tags]    hardening
    ${player}    Create Player Who Owns    10 stone
    ${operation}    Reserve    ${player}    10 stone
    ${returns}    Prepare    5    Return Reserve    ${player}    ${operation}
    ${consumes}    Prepare    5    Consume Reserve    ${player}    ${operation}
    ${answers}    Race    ${returns}    ${consumes}
    Answers Should Be    ${answers}    200=1    reservation_not_active=9
    Inventory Should Be    ${player}    section=factory

However Often A Reservation Is Ended, It Ends Once
    [Documentation]    4.12 S, law 3: whatever the answers are, nothing is given back or destroyed twice. A second
    ...    reservation has what a second end would take.
    ${player}    Create Player Who Owns    100 stone
    Reserve    ${player}    90 stone
    ${operation}    Reserve    ${player}    10 stone
    ${returns}    Prepare    5    Return Reserve    ${player}    ${operation}
    ${consumes}    Prepare    5    Consume Reserve    ${player}    ${operation}
    ${answers}    Race    ${returns}    ${consumes}
    Each Answer Should Be    ${answers}    200|4xx
    Inventory Should Be    ${player}    90 stone    section=factory

The End Of A Reservation And An Adjustment Together Leave No Debt
    [Documentation]    Law 2, 4.6 S, 4.7 S, 4.9 S: both want the one stone in factory.
    [Setup]    Require Part    database    disposable data
    [Template]    End And Adjustment Should Leave No Debt
    Return Reserve
    Consume Reserve

The Same Reservation Sent Many Times At Once Is Made Once
    [Documentation]    4.11 H: all are answered with the same rows.
    [Tags]    hardening
    ${player}    Create Player Who Owns    10 stone
    ${operation}    New Id
    ${reserves}    Prepare    12    Reserve    ${player}    4 stone    operation_id=${operation}
    ${answers}    Race    ${reserves}
    Answers Should Be    ${answers}    200=12
    Answers Should Agree On    ${answers}    operation_ids
    Inventory Should Be    ${player}    6 stone

A Reservation Of Several Items Takes All Or None
    [Documentation]    4.5 S, law 4: pairs of stone and wood, one wood too few.
    ${player}    Create Player Who Owns    20 stone    7 wood
    ${reserves}    Prepare    20    Reserve    ${player}    1 stone    1 wood
    ${answers}    Race    ${reserves}
    Answers Should Be    ${answers}    200=7    insufficient_items=13
    Inventory Should Be    ${player}    13 stone
    Inventory Should Be    ${player}    7 stone    7 wood    section=factory

Many Questions For A Reservation At Once Are Each Answered
    [Documentation]    4.8 S, law 7: at one instance, more than it has connections to the database.
    ${player}    Create Player Who Owns    9 stone    9 metal tools/axe
    ${operation}    Reserve    ${player}    2 stone    1 metal tools/axe
    ${questions}    Prepare    60    Read Reservation    ${operation}
    ${answers}    Send Together    ${questions}
    Answers Should Be    ${answers}    200=60
    Read Reservation    ${operation}


*** Keywords ***
Given Out Should Be At Most
    [Documentation]    Fails unless so many of these calls succeeded, or fewer when others were told that they are too
    ...    many, which gives out nothing (law 2). Returns how many succeeded.
    [Arguments]    ${answers}    ${most}
    VAR    ${given}    ${{ sum(answer.status == 200 for answer in $answers) }}
    # In which words that is told is hardening.
    VAR    @{judged}    @{{ [answer for answer in $answers if answer.status not in (429, 503)] }}
    VAR    ${due}    ${{ int($most) if len($judged) == len($answers) else min($given, int($most)) }}
    Answers Should Be    ${judged}    200=${due}    insufficient_items=${{ len($judged) - $due }}
    RETURN    ${given}

End And Adjustment Should Leave No Debt
    [Documentation]    Fails unless of two calls that take the same stone out of factory at most one does (law 2).
    [Arguments]    ${end}
    ${player}    Create Player Who Owns    1 stone
    ${operation}    Reserve    ${player}    1 stone
    ${ends}    Prepare    1    ${end}    ${player}    ${operation}
    ${adjusts}    Prepare    1    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone    section=factory
    ${answers}    Send Together Before Any Row Is Written    ${ends}    ${adjusts}
    Each Answer Should Be    ${answers}    200|4xx
    Ledger Laws Should Hold    ${player}

Last One Should Be Taken Once
    [Documentation]    Fails unless of all calls that could take the one stone in a section, at once, exactly one does.
    [Arguments]    ${history}    ${section}    ${reads}
    ${player}    Create Player
    Write History    ${player}    ${history}    section=${section}
    ${instances}    Target Setting    instances
    FOR    ${instance}    IN    @{{ $instances * int($reads) }}
        Read Inventory    ${player}    ${section}    at=${instance}
    END
    ${adjusts}    Prepare    3    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone    section=${section}
    ${others}    Prepare    3    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -1 stone    section=${section}
    IF    $section == "main"
        ${others}    Prepare    3    Reserve    ${player}    1 stone
    END
    ${answers}    Send Together Before Any Row Is Written    ${adjusts}    ${others}
    Answers Should Be    ${answers}    200=1    insufficient_items=5
