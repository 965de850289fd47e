*** Settings ***
Documentation    What is cached, where and for how long, and that losing it costs speed alone (contract 5.3).

Resource         ../../resources/administration.resource
Resource         ../../resources/ledger.resource
Resource         ../../resources/operations.resource

Suite Setup      Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Variables ***
${LOSE}        SEPARATOR=\n
...            for _, key in ipairs(redis.call('KEYS', '*')) do
...            if not string.match(key, '^inventory:%x%x%x%x%x%x%x%x%-') then redis.call('DEL', key) end end
${FIND}        SEPARATOR=\n
...            local found = {} for _, key in ipairs(redis.call('KEYS', '*')) do
...            if not string.find(string.lower(key), string.lower(ARGV[1]), 1, true) then
...            elseif string.sub(key, 1, 10) == 'inventory:' then table.insert(found, key) else
...            local kind = redis.call('TYPE', key).ok local held = {}
...            if kind == 'string' then held = {redis.call('GET', key)} end
...            if kind == 'hash' then held = redis.call('HGETALL', key) end
...            for _, one in ipairs(held) do
...            if string.find(one, ARGV[2], 1, true) then table.insert(found, key) break end end end end
...            return found
${NAMELESS}    SEPARATOR=\n
...            local found = {} for _, key in ipairs(redis.call('KEYS', '*')) do
...            if string.find(string.lower(key), string.lower(ARGV[1]), 1, true) ~= 1 then
...            local kind = redis.call('TYPE', key).ok local held = {}
...            if kind == 'string' then held = {redis.call('GET', key)} end
...            if kind == 'hash' then held = redis.call('HGETALL', key) end
...            for _, one in ipairs(held) do
...            if string.find(one, ARGV[2], 1, true) then table.insert(found, key) break end end end end
...            return found


*** Test Cases ***
A Write Costs No More Because Much Is Cached
    [Documentation]    5.3 S: before and after thirty thousand more keys in Redis; medians of writes, of one player.
    [Tags]    long
    [Setup]    Require Part    redis    disposable data
    ${player}    Create Player Who Owns    1 stone
    ${few}    Reads That A Write Costs    ${player}
    Fill Redis    30000
    # What the keys cost shows each time, what other tests cost does not.
    Wait Until Keyword Succeeds    3x    200 ms    Write Should Cost Fewer Reads    ${player}    than=${{ 10 * $few }}

Nothing Is Cached For Longer Than Promised
    [Documentation]    5.3 S: balances up to 1 h, anything up to 24 h, in database 1.
    [Tags]    long
    [Setup]    Require Part    redis    database    disposable data
    [Template]    Cached Should Live As Long As Promised
    # what was before today
    3 days ago: 10 stone    2 days ago: -1 stone
    3 days ago: 10 stone    2 days ago: -10 stone
    3 days ago: 10 stone    2 days ago: 4 metal tools/axe
    today: 1 stone

What Is Cached Of A Player Stands Under Their Own Name
    [Documentation]    5.3 S: keys starting inventory:{user_id}:, for whoever drops them.
    [Setup]    Require Part    redis    database    disposable data
    ${player}    Create Player With History    3 days ago: 10 stone
    Repeat Keyword    2 times    Inventory Should Be    ${player}    10 stone
    Each Other Call Is Made For    ${player}
    ${keys}    Ask Redis    KEYS    *${player.user_id}*    database=1
    VAR    @{others}    @{{ [key for key in $keys if not key.startswith("inventory:${player.user_id}:")] }}
    Should Be Empty    ${others}    Something of a player is cached under another name (5.3): ${others}

What Is Cached Of The Catalogue May Be Lost At Any Time
    [Documentation]    5.3 S: whatever database 1 has beside the balances of players, before a write and before a read.
    [Setup]    Require Part    redis    disposable data
    ${player}    Create Player Who Owns    2 metal tools/axe
    FOR    ${axes}    IN    4    6
        Lose What Is Cached Of No Player
        Add Items    ${player}    2 metal tools/axe
        Lose What Is Cached Of No Player
        Inventory Should Be    ${player}    ${axes} metal tools/axe
    END

Each Cached Entry May Be Lost By Itself
    [Documentation]    5.3 S, law 6: Redis gives up one key at a time when it needs room, or when its time is over.
    [Setup]    Require Part    redis    database    disposable data
    ${player}    Create Player With History    3 days ago: 10 stone
    FOR    ${stones}    IN    10    11    12
        Repeat Keyword    2 times    Inventory Should Be    ${player}    ${stones} stone
        Add Items    ${player}    1 stone
    END
    Inventory Should Be    ${player}    13 stone
    ${keys}    Ask Redis    KEYS    inventory:${player.user_id}:*    database=1
    FOR    ${key}    IN    @{keys}
        Ask Redis    DEL    ${key}    database=1
        Inventory Should Be    ${player}    13 stone
    END

Lost Cache Entries Cost No Correctness
    [Documentation]    5.3 S: all cached balances of the player are dropped between a write and a read.
    [Setup]    Require Part    redis    database    disposable data
    ${player}    Create Player With History    3 days ago: 10 stone
    Inventory Should Be    ${player}    10 stone
    Drop Cached Balances    ${player}
    Inventory Should Be    ${player}    10 stone
    Add Items    ${player}    2 stone
    Drop Cached Balances    ${player}
    Inventory Should Be    ${player}    12 stone

A Reservation Is Told By The Ledger Whatever Is Lost
    [Documentation]    5.3 S, 4.6 S, 4.7 S, 4.8 S, 4.12 S: what is cached costs speed, of one that is active and of one
    ...    that has ended.
    [Setup]    Run Keywords    Require Part    redis    database    disposable data
    ...    AND    Give The Test A Player Who Owns    8 stone
    ${returned}    Reserve    ${PLAYER}    5 stone
    ${consumed}    Reserve    ${PLAYER}    3 stone
    Lose All That Is Cached
    Reservation Should Be    ${PLAYER}    ${returned}    active    5 stone
    Return Reserve    ${PLAYER}    ${returned}
    Consume Reserve    ${PLAYER}    ${consumed}
    Lose All That Is Cached
    Reservations Should Have Ended    ${returned}    ${consumed}

No Balance Stands Elsewhere In Redis
    [Documentation]    5.3 S: in database 1 alone, under the player's name; whoever drops it there has dropped it all.
    [Setup]    Require Part    redis    database    disposable data
    # What an earlier run has left in Redis is of another number.
    VAR    ${many}    ${{ random.randint(10**10, 10**11) }}
    ${player}    Create Player With History    3 days ago: ${many} stone
    Repeat Keyword    2 times    Read All Sections    ${player}
    Inventory Should Be    ${player}    ${many} stone
    ${found}    Ask Redis    EVAL    ${NAMELESS}    0    inventory:${player.user_id}:    ${many}    database=1
    Should Be Empty    ${found}    A balance stands under a name that does not begin with its player's (5.3): ${found}
    FOR    ${number}    IN    0    @{{ range(2, 16) }}
        Balances Should Not Be Cached In    ${number}    ${player}    ${many}
    END

No Balance Is Kept For Longer Because It Is Read
    [Documentation]    5.3 S: for up to 1 h from when it was cached.
    [Setup]    Require Part    redis    database    disposable data
    ${player}    Create Player With History    3 days ago: 10 stone
    Repeat Keyword    2 times    Inventory Should Be    ${player}    10 stone
    ${keys}    Ask Redis    KEYS    inventory:${player.user_id}:*    database=1
    FOR    ${key}    IN    @{keys}
        Ask Redis    EXPIRE    ${key}    900    database=1
    END
    Repeat Keyword    2 times    Inventory Should Be    ${player}    10 stone
    ${kept}    Times To Live    inventory:${player.user_id}:*    database=1
    VAR    @{longer}    @{{ [seconds for seconds in $kept if seconds < 0 or seconds > 900] }}
    Should Be Empty    ${longer}    What was to be kept for 900 s is kept for ${longer} s once it was read (5.3)


*** Keywords ***
Lose All That Is Cached
    [Documentation]    Deletes what Redis keeps in database 1 of ${PLAYER}, and what is nobody's (5.3).
    Lose What Is Cached Of No Player
    Drop Cached Balances    ${PLAYER}

Reservations Should Have Ended
    [Documentation]    Fails unless ${PLAYER}'s reservations are told as ended, and do not end again (4.8, 4.12).
    [Arguments]    ${returned}    ${consumed}
    Reservation Should Be    ${PLAYER}    ${returned}    returned    5 stone
    Reservation Should Be    ${PLAYER}    ${consumed}    consumed    3 stone
    Return Reserve    ${PLAYER}    ${returned}    expect=200|4xx
    Consume Reserve    ${PLAYER}    ${consumed}    expect=200|4xx
    Inventory Should Be    ${PLAYER}    5 stone
    Inventory Should Be    ${PLAYER}    section=factory

Balances Should Not Be Cached In
    [Documentation]    Fails when a key of this database of Redis that has the player's name holds this quantity.
    [Arguments]    ${database}    ${player}    ${quantity}
    TRY
        ${found}    Ask Redis    EVAL    ${FIND}    0    ${player.user_id}    ${quantity}    database=${database}
    EXCEPT    *out of range*    type=GLOB
        RETURN
    END
    Should Be Empty    ${found}    A balance stands in database ${database} of Redis (5.3): ${found}

Lose What Is Cached Of No Player
    [Documentation]    Deletes what Redis keeps in database 1 beside balances (5.3).
    Ask Redis    EVAL    ${LOSE}    0    database=1

Reads That A Write Costs
    [Documentation]    Returns how much longer the median write takes than the median read, sent in turn (5.3).
    [Arguments]    ${player}
    ${writes}    Prepare    21    Add Items    ${player}    1 stone
    ${reads}    Prepare    21    Read Inventory    ${player}
    ${ratio}    Ratio Of Medians    ${writes}    ${reads}
    RETURN    ${ratio}

Write Should Cost Fewer Reads
    [Documentation]    Fails when a write takes as long as so many reads, at the median (5.3).
    [Arguments]    ${player}    ${than}
    ${ratio}    Reads That A Write Costs    ${player}
    Should Be True    ${ratio} < ${than}
    ...    A write costs ${ratio} reads, a tenth of ${than} before there were many more keys (5.3)

Each Other Call Is Made For
    [Documentation]    Writes and reads of each kind, each of which may keep something (4.4 to 4.9).
    [Arguments]    ${player}
    Add Items    ${player}    3 stone
    ${returned}    Reserve    ${player}    1 stone
    Repeat Keyword    2 times    Read Reservation    ${returned}
    Return Reserve    ${player}    ${returned}
    ${consumed}    Reserve    ${player}    1 stone
    Consume Reserve    ${player}    ${consumed}
    Repeat Keyword    2 times    Read Reservation    ${consumed}
    Reserve    ${player}    1 stone
    IF    $ADMINISTRATOR
        Adjust Inventory    ${ADMINISTRATOR}    ${player}    +1 stone    section=trade
    END
    Read All Sections    ${player}

Cached Should Live As Long As Promised
    [Documentation]    Fails when something that is cached after each section was read twice lives too long (5.3).
    [Arguments]    @{history}
    ${player}    Create Player With History    @{history}
    FOR    ${_}    IN RANGE    2
        Read All Sections    ${player}
    END
    Each Other Call Is Made For    ${player}
    ${balances}    Times To Live    inventory:${player.user_id}:*    database=1
    Should Be True    all(0 <= seconds <= 3600 for seconds in $balances)    Balances live for ${balances} s (5.3)
    ${elsewhere}    Times To Live    inventory:${player.user_id}:*    database=0
    Should Be Empty    ${elsewhere}    Balances are cached among the tokens, in database 0 (5.3)
    ${all}    Times To Live    *    database=1
    Should Be True    all(0 <= seconds <= 86400 for seconds in $all)    Something is cached for ${all} s (5.3)
