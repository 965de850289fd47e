*** Settings ***
Documentation    Mixes of calls on two players, one with history, at three instances, and one trouble in each (laws 1 to
...              7). What is acknowledged stays, what is refused left nothing, and some one-at-a-time order explains all
...              answers; unavailable is allowed.

Resource         troubles.resource

Suite Setup      Require Part    a stack that mends    database    disposable data
Test Template    Balances Should Stay Serial While

Test Tags        resilience


*** Test Cases ***    what happens
Balances Stay Serial While The Database Is Killed
    [Documentation]    Law 5, law 7.
    kill database
Balances Stay Serial While The Database Hangs
    [Documentation]    Law 5, law 7.
    pause database
Balances Stay Serial While The Database Is Read-Only
    [Documentation]    Law 5, law 7.
    read-only database
Balances Stay Serial While Redis Is Killed
    [Documentation]    Law 6, law 7.
    kill redis
Balances Stay Serial While Redis Loses Its Data
    [Documentation]    Law 6, law 7, 5.3 S.
    wipe redis
Balances Stay Serial While Redis Hangs
    [Documentation]    Law 6, law 7.
    pause redis
Balances Stay Serial While An Instance Is Killed
    [Documentation]    Law 4, law 5, law 7.
    kill instance
Balances Stay Serial While An Instance Is Asked To Stop
    [Documentation]    Law 4, law 5, law 7.
    terminate instance
Balances Stay Serial While An Instance Hangs
    [Documentation]    Law 6, law 7.
    pause instance
Balances Stay Serial While The Auth Service Is Killed
    [Documentation]    Law 7.
    kill auth
Balances Stay Serial While The Way To The Database Is Slow
    [Documentation]    Law 6, law 7.
    slow database
Balances Stay Serial While The Way To The Database Is Cut
    [Documentation]    Law 4, law 5, law 7.
    cut database
Balances Stay Serial While The Way To The Database Is Silent
    [Documentation]    Law 4, law 5, law 7.
    silence database
Balances Stay Serial While The Way To Redis Is Slow
    [Documentation]    Law 6, law 7.
    slow redis
Balances Stay Serial While The Way To Redis Is Cut
    [Documentation]    Law 6, law 7.
    cut redis
Balances Stay Serial While The Way To Redis Is Silent
    [Documentation]    Law 6, law 7.
    silence redis
