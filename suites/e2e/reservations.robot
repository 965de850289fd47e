*** Settings ***
Documentation    A reservation ends once, is the player's own, and nothing else is one (contract 4.6 to 4.8, 4.12; law
...              3). A second end may be refused in any way; what counts is what the player has afterwards.

Resource         ../../resources/administration.resource
Resource         ../../resources/concurrency.resource

Suite Setup      Share One Administrator
Test Setup       Give The Test A Player Who Owns    20 stone
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
A Reservation That Was Ended Stays Ended
    [Documentation]    4.12 S, law 3: however it is ended a second time, the items are there or gone once.
    [Setup]    NONE
    [Template]    Second End Should Change Nothing
    # first    again    stones in main afterwards
    Return Reserve    Return Reserve    20
    Return Reserve    Consume Reserve    20
    Consume Reserve    Consume Reserve    15
    Consume Reserve    Return Reserve    15

A Reservation Ended In Two Ways At Once Ends In One
    [Documentation]    4.12 S, law 3, law 7.
    [Tags]    concurrency
    ${operation}    Reserve    ${PLAYER}    5 stone
    ${returns}    Prepare    6    Return Reserve    ${PLAYER}    ${operation}
    ${consumes}    Prepare    6    Consume Reserve    ${PLAYER}    ${operation}
    Race    ${returns}    ${consumes}
    ${answer}    Read Inventory    ${PLAYER}
    Quantity Told Should Be One Of    ${answer}    stone    15    20
    Inventory Should Be    ${PLAYER}    section=factory

What A Reservation Holds Is Told By Codes
    [Documentation]    4.8 S: item, collection and quality level by their codes, the standard ones too, and how many.
    Add Items    ${PLAYER}    7 metal tools/axe
    ${operation}    Reserve    ${PLAYER}    2 metal tools/axe    4 stone
    ${answer}    Read Reservation    ${operation}
    Answer Should Have    ${answer}    reservation_exists true    operation_id uuid    user_id uuid
    ...    reservation_date given    status text    reserved_items.*.item_code text
    ...    reserved_items.*.collection_code text    reserved_items.*.quality_level_code text
    ...    reserved_items.*.quantity count
    Items Should Be    ${answer}    reserved_items    2 metal tools/axe    4 stone

What A Reservation Holds Is Told By Collection Too
    [Documentation]    4.8 S.
    Add Items    ${PLAYER}    7 metal tools/axe of summer_2025    3 tools/axe
    ${operation}    Reserve    ${PLAYER}    2 metal tools/axe of summer_2025    1 tools/axe    5 stone
    ${answer}    Read Reservation    ${operation}
    Items Should Be    ${answer}    reserved_items    2 metal tools/axe of summer_2025    1 tools/axe    5 stone

Two Items That Share A Code Are Both Held
    [Documentation]    4.8 S, law 3: a tool and the blueprint of it, of one quality level.
    Add Items    ${PLAYER}    7 metal tools/axe    5 metal blueprints/axe
    ${operation}    Reserve    ${PLAYER}    2 metal tools/axe    3 metal blueprints/axe
    ${answer}    Read Reservation    ${operation}
    VAR    ${told}    ${{ [entry["quantity"] for entry in $answer.member("reserved_items")] }}
    Should Be Equal As Integers    ${{ sum($told) }}    5    Of 2 and 3 items it tells ${told} (4.8)
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    20 stone    7 metal tools/axe    5 metal blueprints/axe

A Reservation Is Found Under Its Id In Capitals Too
    [Documentation]    4.8 H: or the id is refused as bad input; it is never told not to exist.
    [Tags]    hardening
    ${operation}    Reserve    ${PLAYER}    2 stone
    ${answer}    Read Reservation    ${{ $operation.upper() }}    expect=200|400
    IF    ${answer.status} == 200
        Items Should Be    ${answer}    reserved_items    2 stone
    END

What Is Lacking Is Told With What Was Wanted Of It
    [Documentation]    4.5 S, 4.1 S: of the second of two lines, and of more than fits into 32 bits.
    Add Items    ${PLAYER}    7 wood
    Reserve    ${PLAYER}    1 stone    9 wood    expect=400 insufficient_items
    Last Answer Should Lack    wood required=9 available=7
    Reserve    ${PLAYER}    5000000001 wood    expect=400 insufficient_items
    Last Answer Should Lack    wood required=5000000001 available=7

A Reservation Is Dated When It Was Made
    [Documentation]    4.8 S: to the second or so, where its form is one that can be read here.
    [Setup]    Run Keywords    Require Part    database    AND    Give The Test A Player Who Owns    20 stone
    ${operation}    Reserve    ${PLAYER}    2 stone
    ${answer}    Read Reservation    ${operation}
    Answer Should Have    ${answer}    reservation_date given
    ${rows}    Rows Of Player    ${PLAYER}
    ${told}    Instant Of    ${answer.body}[reservation_date]
    VAR    ${made}    ${{ $rows[-1].created_at.timestamp() }}
    Skip If    $told is None    the form of reservation_date is not known here: ${answer.body}[reservation_date]
    Should Be True    abs($told - $made) < 90    It is dated ${{ $told - $made }} s after its rows (4.8)

Two Reservations Under One Request Id Are Two
    [Documentation]    4.5 S, 4.6 S, 4.7 S, law 5: what an operation is known by is its operation_id.
    VAR    &{same}    X-Request-ID=of-one-click
    ${returned}    Reserve    ${PLAYER}    2 stone    headers=${same}
    ${consumed}    Reserve    ${PLAYER}    3 stone    headers=${same}
    Inventory Should Be    ${PLAYER}    15 stone
    Return Reserve    ${PLAYER}    ${returned}    headers=${same}
    Consume Reserve    ${PLAYER}    ${consumed}    headers=${same}
    Inventory Should Be    ${PLAYER}    17 stone

A Reservation Beyond What A Floating-Point Number Holds Comes Back Whole
    [Documentation]    4.5 S, 4.6 S, law 3: two lines of one variant.
    [Setup]    Give The Test A Player
    VAR    @{both}    9007199254740991 stone    2 stone
    Require Balances Beyond A Floating-Point Number    ${PLAYER}
    ${operation}    Reserve    ${PLAYER}    @{both}
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    9007199254740993 stone

A Reservation Of Many Variants Is Told Whole
    [Documentation]    4.8 S: while it is active, and once it has ended.
    ${variants}    Variants Of Every Kind    110
    VAR    @{all}    @{{ [f"1 {one}" for one in $variants] }}
    ${player}    Create Player
    Add Items    ${player}    @{all}
    ${operation}    Reserve    ${player}    @{all}
    Reservation Should Hold In All    ${operation}    ${{ len($all) }}
    Consume Reserve    ${player}    ${operation}
    ${answer}    Read Reservation    ${operation}
    Should Be Equal    ${answer.body}[status]    consumed    What was consumed is told otherwise (4.8)

What A Reservation Holds Is Told By Ids Too
    [Documentation]    4.8 H.
    [Tags]    hardening
    ${operation}    Reserve    ${PLAYER}    2 stone
    ${sent}    Last Answer
    ${answer}    Read Reservation    ${operation}
    Should Be Equal    ${answer.body}[reserved_items][0][item_id]    ${sent.call.body}[items][0][item_id]
    ...    What is held is told by another id (4.8)

A Reservation Of Several Variants Is Ended Variant By Variant
    [Documentation]    4.6 S, 4.7 S, law 3: of one item in several qualities, beside another reservation of the same.
    [Setup]    NONE
    [Template]    End Should Take Each Variant By Itself
    # the end    two variants of one item
    Consume Reserve    tools/axe    metal tools/axe
    Consume Reserve    metal tools/axe    tools/axe
    Return Reserve    tools/axe    metal tools/axe
    Return Reserve    metal tools/axe    tools/axe

A Reservation Of Several Items Is Ended Item By Item
    [Documentation]    4.6 S, 4.7 S, law 3: in whatever order they are named.
    [Setup]    NONE
    [Template]    End Should Take Each Variant By Itself
    # the end    two items
    Consume Reserve    stone    wood
    Consume Reserve    wood    stone
    Return Reserve    stone    wood
    Return Reserve    wood    stone

A Reservation Of Several Collections Is Ended Variant By Variant
    [Documentation]    4.6 S, 4.7 S, law 3.
    [Setup]    NONE
    [Template]    End Should Take Each Variant By Itself
    # the end    two variants of one item
    Consume Reserve    tools/axe    tools/axe of summer_2025
    Consume Reserve    tools/axe of summer_2025    tools/axe
    Return Reserve    metal tools/axe    metal tools/axe of summer_2025
    Return Reserve    metal tools/axe of summer_2025    metal tools/axe

A Reservation That Was Asked For Too Early Is Found Once It Is There
    [Documentation]    4.8 S, law 6: what was not there is not remembered, at any instance.
    ${second}    Another Instance Or The Same
    ${operation}    New Id
    Reservation Should Not Exist    ${operation}
    Read Reservation    ${operation}    expect=404    at=${second}
    Return Reserve    ${PLAYER}    ${operation}    expect=404
    Reserve    ${PLAYER}    3 stone    operation_id=${operation}
    Read Reservation    ${operation}    at=${second}
    Reservation Should Be    ${PLAYER}    ${operation}    active    3 stone
    Return Reserve    ${PLAYER}    ${operation}
    Reservation Should Be    ${PLAYER}    ${operation}    returned    3 stone

A Reservation That Was Refused Can Be Asked For Again Under Its Id
    [Documentation]    4.5 S, law 5: a refusal leaves nothing behind, nor is it remembered, at any instance.
    ${second}    Another Instance Or The Same
    ${operation}    Reserve    ${PLAYER}    25 stone    expect=400 insufficient_items
    Reservation Should Not Exist    ${operation}
    Add Items    ${PLAYER}    5 stone
    Reserve    ${PLAYER}    25 stone    operation_id=${operation}
    ${refused}    Reserve    ${PLAYER}    1 stone    expect=400 insufficient_items    at=${second}
    Return Reserve    ${PLAYER}    ${operation}    at=${second}
    Reserve    ${PLAYER}    1 stone    operation_id=${refused}    at=${second}
    Inventory Should Be    ${PLAYER}    24 stone
    Reservation Should Be    ${PLAYER}    ${refused}    active    1 stone

A Reservation Keeps Its Date When It Ends
    [Documentation]    4.8 S: of each of two, made on different days.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    Write History    ${PLAYER}    500 days ago: 20 stone
    ${returned}    Write A Reservation    ${PLAYER}    4 stone    days_ago=400
    ${consumed}    Write A Reservation    ${PLAYER}    4 stone    days_ago=2
    ${dates}    Dates Of Reservations    ${returned}    ${consumed}
    Should Be True    $dates[0] != $dates[1]    Reservations of two days have one date: ${dates} (4.8)
    Return Reserve    ${PLAYER}    ${returned}
    Consume Reserve    ${PLAYER}    ${consumed}
    ${after}    Dates Of Reservations    ${returned}    ${consumed}
    Should Be Equal    ${after}    ${dates}    A reservation's date changed when it ended (4.8)

Several Reservations Of One Player Are Ended Each By Itself
    [Documentation]    4.6 S, 4.7 S, 4.8 S, law 3.
    ${returned}    Reserve    ${PLAYER}    2 stone
    ${consumed}    Reserve    ${PLAYER}    3 stone
    ${kept}    Reserve    ${PLAYER}    4 stone
    Return Reserve    ${PLAYER}    ${returned}
    Consume Reserve    ${PLAYER}    ${consumed}
    Reservation Should Be    ${PLAYER}    ${returned}    returned    2 stone
    Reservation Should Be    ${PLAYER}    ${consumed}    consumed    3 stone
    Reservation Should Be    ${PLAYER}    ${kept}    active    4 stone
    Inventory Should Be    ${PLAYER}    13 stone
    Inventory Should Be    ${PLAYER}    4 stone    section=factory

Nothing Else Can Be Ended Like A Reservation
    [Documentation]    4.6 S, 4.7 S: an addition to the factory and to main, and an id that nobody knows.
    [Setup]    Give The Test A Player
    [Template]    Operation Should Be No Reservation
    # section of an addition
    factory
    main
    trade

A Reservation That Is Not There Is Told Like Any Other Error
    [Documentation]    4.2 S, 4.7 S, 4.8 S: also to whoever would consume it; what is no id is no failure.
    ${unknown}    New Id
    Consume Reserve    ${PLAYER}    ${unknown}    expect=404
    ${answer}    Last Answer
    Answer Should Have    ${answer}    error text    message text
    Read Reservation    not-a-uuid    expect=4xx

An Adjustment Cannot Be Ended Like A Reservation
    [Documentation]    4.6 S, 4.7 S.
    [Setup]    Run Keywords    Require Part    database
    ...    AND    Give The Test A Player Who Owns    20 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +5 stone    section=factory
    ${rows}    Rows Of Player    ${PLAYER}
    Skip If    not $rows[-1].operation_id    an adjustment that names no operation has no id here, as it may (4.11)
    Consume Reserve    ${PLAYER}    ${rows[-1].operation_id}    expect=404
    Return Reserve    ${PLAYER}    ${rows[-1].operation_id}    expect=404
    Reservation Should Not Exist    ${rows[-1].operation_id}
    Inventory Should Be    ${PLAYER}    5 stone    section=factory

Another Player's Reservation Cannot Be Ended
    [Documentation]    4.6 S, 4.7 S: by a player who owns the same items, and one of whose reservations is active.
    ${other}    Create Player Who Owns    20 stone
    ${others}    Reserve    ${other}    5 stone
    Reserve    ${PLAYER}    5 stone
    Return Reserve    ${PLAYER}    ${others}    expect=404
    Consume Reserve    ${PLAYER}    ${others}    expect=404
    Reservation Should Be    ${other}    ${others}    active    5 stone
    Inventory Should Be    ${other}    5 stone    section=factory
    Inventory Should Be    ${PLAYER}    5 stone    section=factory
    Return Reserve    ${other}    ${others}
    Reservation Should Be    ${other}    ${others}    returned    5 stone

Another Player's Reservation That Has Ended Is None Of This Player's Either
    [Documentation]    4.6 S, 4.7 S: 404, whichever way it ended.
    ${other}    Create Player Who Owns    20 stone
    ${returned}    Reserve    ${other}    5 stone
    ${consumed}    Reserve    ${other}    4 stone
    Return Reserve    ${other}    ${returned}
    Consume Reserve    ${other}    ${consumed}
    FOR    ${others}    IN    ${returned}    ${consumed}
        Return Reserve    ${PLAYER}    ${others}    expect=404
        Consume Reserve    ${PLAYER}    ${others}    expect=404
    END
    Inventory Should Be    ${PLAYER}    20 stone

A Reservation Of Long Ago Can Still Be Ended
    [Documentation]    4.6 S, 4.7 S, 4.8 S, 5.1 S: over a year later, in both ways.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player
    Write History    ${PLAYER}    500 days ago: 20 stone
    ${returned}    Write A Reservation    ${PLAYER}    4 stone    days_ago=400
    ${consumed}    Write A Reservation    ${PLAYER}    5 stone    days_ago=399
    Reservation Should Be    ${PLAYER}    ${returned}    active    4 stone
    Return Reserve    ${PLAYER}    ${returned}
    Consume Reserve    ${PLAYER}    ${consumed}
    Inventory Should Be    ${PLAYER}    15 stone
    Inventory Should Be    ${PLAYER}    section=factory
    Reservation Should Be    ${PLAYER}    ${consumed}    consumed    5 stone

A Return That Is Refused For Want Of Room Leaves The Reservation As It Is
    [Documentation]    Law 5, 4.6 S: main is filled up meanwhile; who sets no limit to it may take the return.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player Who Owns    20 stone
    ${other}    Create Player
    Require Balances Beyond A Floating-Point Number    ${other}
    ${operation}    Reserve    ${PLAYER}    10 stone
    ${returned}    Reserve    ${PLAYER}    10 stone
    Return Reserve    ${PLAYER}    ${returned}
    Add Items To The Ledger    ${PLAYER}    @{{ ["9007199254740991 stone"] * 512 }}    502 stone
    Return Reserve    ${PLAYER}    ${operation}    expect=200|4xx
    ${answer}    Last Answer
    IF    ${answer.status} != 200
        Reservation Should Be    ${PLAYER}    ${operation}    active    10 stone
        Inventory Should Be    ${PLAYER}    10 stone    section=factory
    END

Everything That There Is Can Be Reserved, To The Last One
    [Documentation]    4.5 S, law 2: exactly all is enough, one more is not.
    Reserve    ${PLAYER}    21 stone    expect=400 insufficient_items
    ${operation}    Reserve    ${PLAYER}    20 stone
    Inventory Should Be    ${PLAYER}
    Reserve    ${PLAYER}    1 stone    expect=400 insufficient_items
    Return Reserve    ${PLAYER}    ${operation}
    Inventory Should Be    ${PLAYER}    20 stone

The Largest Quantity Is Kept Exactly
    [Documentation]    4.1 H: quantity up to 2^53-1.
    [Tags]    hardening
    ${player}    Create Player
    Add Items    ${player}    9007199254740991 stone
    Inventory Should Be    ${player}    9007199254740991 stone
    ${operation}    Reserve    ${player}    9007199254740990 stone
    Inventory Should Be    ${player}    1 stone
    Return Reserve    ${player}    ${operation}
    Inventory Should Be    ${player}    9007199254740991 stone

A Sum Beyond What A Floating-Point Number Holds Is Told Exactly
    [Documentation]    4.3 S, law 1: of two additions, each of which is within it.
    ${player}    Create Player
    Require Balances Beyond A Floating-Point Number    ${player}
    Inventory Should Be    ${player}    9007199254740993 stone
    # What is cached is as exact as what was added up.
    Inventory Should Be    ${player}    9007199254740993 stone

However Many Variants Are Short Each Is Named
    [Documentation]    4.5 H.
    [Tags]    hardening
    ${player}    Create Player
    ${variants}    Variants Of Every Kind    25
    Reserve    ${player}    @{{ [f"2 {one}" for one in $variants] }}    expect=400 insufficient_items
    Last Answer Should Lack    @{{ [f"{one} required=2 available=0" for one in $variants] }}

What Is In The Factory Or For Sale Cannot Be Reserved
    [Documentation]    4.5 S: reservations take from main alone.
    [Setup]    Give The Test A Player
    Add Items    ${PLAYER}    9 stone    section=factory
    Add Items    ${PLAYER}    9 stone    section=trade
    Reserve    ${PLAYER}    1 stone    expect=400 insufficient_items
    Last Answer Should Lack    stone required=1 available=0


*** Keywords ***
End Should Take Each Variant By Itself
    [Documentation]    Fails unless an end takes 2 and 3 of two variants from the factory, where 5 of each stay.
    [Arguments]    ${end}    ${one}    ${other}
    ${player}    Create Player Who Owns    20 ${one}    20 ${other}
    Reserve    ${player}    5 ${one}    5 ${other}
    ${operation}    Reserve    ${player}    2 ${one}    3 ${other}
    Inventory Should Be    ${player}    7 ${one}    8 ${other}    section=factory
    Run Keyword    ${end}    ${player}    ${operation}
    Inventory Should Be    ${player}    5 ${one}    5 ${other}    section=factory
    IF    $end == "Return Reserve"
        Inventory Should Be    ${player}    15 ${one}    15 ${other}
    ELSE
        Inventory Should Be    ${player}    13 ${one}    12 ${other}
    END

Dates Of Reservations
    [Documentation]    The reservation_date of each, as the service tells it (4.8).
    [Arguments]    @{operations}
    VAR    @{dates}    @{EMPTY}
    FOR    ${operation}    IN    @{operations}
        ${answer}    Read Reservation    ${operation}
        VAR    @{dates}    @{dates}    ${answer.body}[reservation_date]
    END
    RETURN    ${dates}

Second End Should Change Nothing
    [Documentation]    Fails unless ending a reservation of 5 twice leaves the player with so many stones.
    [Arguments]    ${first}    ${again}    ${left}
    ${player}    Create Player Who Owns    20 stone
    Reserve    ${player}    5 stone
    ${operation}    Reserve    ${player}    5 stone
    Run Keyword    ${first}    ${player}    ${operation}
    Run Keyword    ${again}    ${player}    ${operation}    expect=200|4xx
    Run Keyword    ${again}    ${player}    ${operation}    expect=200|4xx
    Inventory Should Be    ${player}    ${{ int($left) - 5 }} stone
    Inventory Should Be    ${player}    5 stone    section=factory

Operation Should Be No Reservation
    [Documentation]    Fails unless an addition to this section can be neither asked for, returned nor consumed.
    [Arguments]    ${section}
    ${operation}    Add Items    ${PLAYER}    5 stone    section=${section}
    Reservation Should Not Exist    ${operation}
    Return Reserve    ${PLAYER}    ${operation}    expect=404
    Consume Reserve    ${PLAYER}    ${operation}    expect=404
    Inventory Should Be    ${PLAYER}    5 stone    section=${section}
