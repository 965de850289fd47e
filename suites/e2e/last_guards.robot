*** Settings ***
Documentation     What still holds when a service, a cache or a machine goes wrong: rights in the database, its log on
...               the disk, its time zone, and damaged entries (contract 5.1, 5.3, 5.4, law 5).

Resource          ../../resources/administration.resource
Resource          ../../resources/operations.resource
Resource          ../../resources/concurrency.resource

Suite Teardown    Stop Services Of Its Own

Test Tags         e2e    hardening


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

What Was Acknowledged As The First Call Of The Day Is On The Database's Disk Too
    [Documentation]    Law 5, 5.1 S: of a player with history, whose day it closes.
    [Tags]    -hardening    long
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Share One Administrator
    [Template]    First Write Should Be On The Disk When It Is Acknowledged
    # call
    reserve
    return
    consume
    adjust

A Day Ends At Midnight UTC Whatever The Time Zone
    [Documentation]    5.1 S: also where, at the database and the service, the next day begins hours earlier or later.
    [Tags]    -hardening    long
    [Setup]    Run Keywords    Stay Clear Of Midnight    AND    Share One Administrator
    [Template]    Days Should End At Midnight UTC In
    # the time zone
    Pacific/Kiritimati
    Pacific/Pago_Pago

The Services' Role Can Only Add
    [Documentation]    5.4 H: nothing is changed or removed, in the database itself.
    [Setup]    Require Part    services' database users
    [Template]    Services Should Only Add To
    # table
    operations
    audit_log

The Database Itself Refuses A User Without A Name
    [Documentation]    5.4 H: section 2, no first name that is blank.
    [Setup]    Run Keywords    Require Part    database    disposable data    AND    Give The Test A Player
    Row Should Be Refused    auth.users    id=(new) telegram_id=987654321987654    first_name=${SPACE}

The Limit Of A Balance Is Of All Lines, And Of Calls At One Instant
    [Documentation]    4.1 H: up to 2^62, of a player with history.
    [Setup]    Run Keywords    Require Part    database    disposable data    AND    Share One Administrator
    ${player}    Create Player With History    2 days ago: ${{ 2**62 - 5 }} stone
    Add Items    ${player}    3 stone    3 stone    expect=400 validation_failed
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    +3 stone    +3 stone    expect=400 validation_failed
    Add Items    ${player}    1 stone    1 stone
    ${additions}    Prepare    8    Add Items    ${player}    1 stone
    ${answers}    Race    ${additions}
    Answers Should Be    ${answers}    200=3    validation_failed=5

The Limit Of A Balance Is Of However Many Lines And What Was There
    [Documentation]    4.1 H: up to 2^62, which no line alone can reach.
    [Setup]    Give The Test A Player Who Owns    1 stone
    VAR    @{lines}    @{{ [str(2**53 - 1) + " stone"] * 512 }}
    Add Items    ${PLAYER}    @{lines}    512 stone    expect=400 validation_failed
    Add Items    ${PLAYER}    @{lines}    511 stone

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

What Is Damaged In The Cache Gives Nobody Items
    [Documentation]    5.3 H, law 2, 4.5 S, 4.9 S: a write that comes before the read which would mend it.
    [Setup]    Run Keywords    Require Part    redis    database    disposable data
    ...    AND    Share One Administrator
    [Template]    Writes Should Be Right With A Cache That Is
    # what happens to each entry
    cut
    noise
    another's


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
        Call Should Be On The Disk    ${call}    ${PLAYER}    ${operation}
    END

First Write Should Be On The Disk When It Is Acknowledged
    [Documentation]    Like the other, where the write is the first call of the day of a player with history.
    [Arguments]    ${call}
    FOR    ${_}    IN RANGE    3
        ${player}    Create Player With History    3 days ago: 9 stone
        ${operation}    New Id
        IF    $call in ("return", "consume")
            ${operation}    Write A Reservation    ${player}    1 stone    days_ago=2
        END
        Call Should Be On The Disk    ${call}    ${player}    ${operation}
    END

Call Should Be On The Disk
    [Documentation]    Fails unless the database has its log on the disk beyond where it was before a write.
    [Arguments]    ${call}    ${player}    ${operation}
    ${before}    Log Of The Database
    IF    $call == "add"
        Add Items    ${player}    1 stone
    ELSE IF    $call == "reserve"
        Reserve    ${player}    1 stone
    ELSE IF    $call == "adjust"
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    +1 stone
    ELSE
        Run Keyword    ${call} Reserve    ${player}    ${operation}
    END
    ${after}    Log Of The Database
    Should Be True    ${after}[on_disk] > ${before}[written]
    ...    A write by ${call} is acknowledged before it is on the disk (law 5)

Days Should End At Midnight UTC In
    [Documentation]    Fails unless a read and a write of a service that is, with its database, in this time zone close
    ...    the day at 00:00 UTC.
    [Arguments]    ${zone}
    ${role}    Create Database User    timezone = '${zone}'
    ${instance}    Start An Instance    DB_USER=${role}    TZ=${zone}
    ${reader}    Player With Items Around Midnight
    FOR    ${_}    IN RANGE    2
        Inventory Should Be    ${reader}    17 stone    at=${instance}
    END
    Snapshots Should Be    ${reader}    yesterday: 10 stone
    ${writer}    Player With Items Around Midnight
    Reserve    ${writer}    18 stone    at=${instance}    expect=400 insufficient_items
    ${held}    Reserve    ${writer}    3 stone    at=${instance}
    Snapshots Should Be    ${writer}    yesterday: 10 stone
    Inventory Should Be    ${writer}    14 stone    at=${instance}
    Return Reserve    ${writer}    ${held}    at=${instance}
    Each Write Should Be Dated Now    ${writer}    ${instance}

Each Write Should Be Dated Now
    [Documentation]    Fails unless the rows of an addition and of an adjustment are of now, whatever time the clocks of
    ...    the service and the database tell (5.1).
    [Arguments]    ${player}    ${instance}
    Add Items    ${player}    1 stone    at=${instance}
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -18 stone    at=${instance}
    ${rows}    Rows Of Player    ${player}
    VAR    ${dated}    ${{ [row.created_at.timestamp() for row in $rows if row.operation_type != "system_reward"] }}
    Should Be True    -300 < min(${dated}) - time.time() <= max(${dated}) - time.time() < 300
    ...    Rows of now are dated ${dated}, in seconds since 1970 (5.1)

Player With Items Around Midnight
    [Documentation]    A player who got 10 stones just before 00:00 UTC and 7 just after.
    ${player}    Create Player
    ${midnight}    Midnight
    ${before}    Midnight    -1
    Add Items To The Ledger    ${player}    10 stone    at=${before}
    Add Items To The Ledger    ${player}    7 stone    at=${midnight}
    RETURN    ${player}

Inventory Should Be Right With A Cache That Is
    [Documentation]    Fails unless an inventory is read rightly, twice, after what was cached of it was damaged.
    [Arguments]    ${how}
    ${player}    Player With A Past    10 stone
    ${other}    Player With A Past    77 stone
    Damage What Is Cached Of    ${player}    ${how}    ${other}
    Inventory Should Be    ${player}    10 stone
    Inventory Should Be    ${player}    10 stone

Writes Should Be Right With A Cache That Is
    [Documentation]    Fails unless a player can spend what there is, and no more, after what was cached was damaged.
    [Arguments]    ${how}
    ${player}    Player With A Past    10 stone
    ${other}    Player With A Past    77 stone
    Damage What Is Cached Of    ${player}    ${how}    ${other}
    Reserve    ${player}    11 stone    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -11 stone    expect=400 insufficient_items
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -4 stone
    Reserve    ${player}    6 stone
    Inventory Should Be    ${player}

Player With A Past
    [Documentation]    A player who got this three days ago, and has looked at it today.
    [Arguments]    ${items}
    ${player}    Create Player
    Write History    ${player}    3 days ago: ${items}
    Inventory Should Be    ${player}    ${items}
    RETURN    ${player}
