*** Settings ***
Documentation    Mixes of calls on two players, one with history, at three instances, and one trouble in each (laws 1 to
...              7). What is acknowledged stays, what is refused left nothing, and some one-at-a-time order explains all
...              answers; unavailable is allowed.

Resource         troubles.resource

Suite Setup      Require Part    health    database    disposable data    an administrator
Test Template    Balances Should Stay Serial While

Test Tags        resilience


*** Test Cases ***    what happens    readiness
Balances Stay Serial While The Database Is Killed
    [Documentation]    Law 5, law 7.
    kill database    brief
Balances Stay Serial While The Database Hangs
    [Documentation]    Law 5, law 7.
    pause database    red
Balances Stay Serial While The Database Is Read-Only
    [Documentation]    Law 5, law 7.
    read-only database    red
Balances Stay Serial While Redis Is Killed
    [Documentation]    Law 6, law 7.
    kill redis    brief
Balances Stay Serial While Redis Loses Its Data
    [Documentation]    Law 6, law 7, 5.3 S.
    wipe redis    brief
Balances Stay Serial While Redis Hangs
    [Documentation]    Law 6, law 7.
    pause redis    red
Balances Stay Serial While An Instance Is Killed
    [Documentation]    Law 4, law 5, law 7.
    kill instance    green
Balances Stay Serial While An Instance Is Asked To Stop
    [Documentation]    Law 4, law 5, law 7.
    terminate instance    green
Balances Stay Serial While An Instance Hangs
    [Documentation]    Law 6, law 7.
    pause instance    green
Balances Stay Serial While The Auth Service Is Away
    [Documentation]    Law 7, 6.1 S.
    stop auth    green
Balances Stay Serial While The Auth Service Hangs
    [Documentation]    Law 7, 6.1 S.
    pause auth    green
Balances Stay Serial While The Way To The Auth Service Is Cut
    [Documentation]    Law 7, 6.1 S.
    cut auth    green
Balances Stay Serial While The Way To The Auth Service Is Silent
    [Documentation]    Law 7, 6.1 S.
    silence auth    green
Balances Stay Serial While The Way To The Auth Service Is Slow
    [Documentation]    Law 7, 6.1 S.
    slow auth    green
Balances Stay Serial While The Ways To The Auth Service Are Half Open
    [Documentation]    Law 7, 6.1 S.
    half-open auth    green
Balances Stay Serial While Answers Of The Auth Service Break Off
    [Documentation]    Law 7, 6.1 S.
    broken-off auth    green
Balances Stay Serial While The Database Is Away
    [Documentation]    Law 5, law 7, 6.1 S.
    stop database    red
Balances Stay Serial While Redis Is Away
    [Documentation]    Law 6, law 7, 6.1 S.
    stop redis    red
Balances Stay Serial While An Instance Is Away
    [Documentation]    Law 5, law 7, 6.1 S.
    stop instance    green
Balances Stay Serial While The Way To The Database Is Slow
    [Documentation]    Law 6, law 7.
    slow database    either
Balances Stay Serial While The Way To The Database Is Cut
    [Documentation]    Law 4, law 5, law 7.
    cut database    red
Balances Stay Serial While The Way To The Database Is Silent
    [Documentation]    Law 4, law 5, law 7.
    silence database    red
Balances Stay Serial While The Way To Redis Is Slow
    [Documentation]    Law 6, law 7.
    slow redis    either
Balances Stay Serial While The Way To Redis Is Cut
    [Documentation]    Law 6, law 7.
    cut redis    red
Balances Stay Serial While The Way To Redis Is Silent
    [Documentation]    Law 6, law 7.
    silence redis    red
Balances Stay Serial While The Ways To The Database Are Half Open
    [Documentation]    Law 4, law 5, law 7: connections that nothing comes through any more, and new ones that work.
    half-open database    either
Balances Stay Serial While The Ways To Redis Are Half Open
    [Documentation]    Law 6, law 7.
    half-open redis    either
Balances Stay Serial While Answers Of The Database Break Off
    [Documentation]    Law 4, law 5, law 7.
    broken-off database    either
Balances Stay Serial While Answers Of Redis Break Off
    [Documentation]    Law 6, law 7, 3.8 H.
    broken-off redis    either
Balances Stay Serial While Somebody Locks The Ledger
    [Documentation]    Law 4, law 7, 6.5 H: all connections of a pool come to wait.
    locked database    green
Balances Stay Serial While The Database Has No Room
    [Documentation]    Law 4, law 5, law 7: no file takes another byte.
    full database    red
Balances Stay Serial While The Database Is Killed And Redis Hangs
    [Documentation]    Law 5, law 6, law 7.
    kill database while pause redis    red
Balances Stay Serial While An Instance Is Killed And The Way To The Database Is Slow
    [Documentation]    Law 4, law 5, law 7.
    kill instance while slow database    either
Balances Stay Serial While Redis Loses Its Data And The Auth Service Is Away
    [Documentation]    Law 6, law 7, 3.8 H, 5.3 S.
    wipe redis while stop auth    brief
Balances Stay Serial While The Database Is Read-Only And An Instance Is Asked To Stop
    [Documentation]    Law 4, law 5, law 7.
    terminate instance while read-only database    red
Balances Stay Serial While Midnight Passes
    [Documentation]    5.1 S, 5.3 S, law 1, law 7: players with history and without, whose day ends in the middle.
    pass midnight    green
Balances Stay Serial While Midnight Passes And Somebody Locks The Ledger
    [Documentation]    5.1 S, law 1, law 7: many calls begin on one day and are done on the next.
    locked database while pass midnight    green    workers=40
