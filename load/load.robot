*** Settings ***
Documentation    Speed, memory and a ledger that is still right.

Resource         many_players.resource
Library          load.keywords.LoadKeywords
Variables        settings.py

Test Tags        load    slow


*** Test Cases ***
Load Is Carried Within Every Threshold
    [Documentation]    The seed's limits, ours, the ledger's laws for every player, and memory that does not grow.
    [Setup]    Only For    k6    smoke    seed    soak
    ${run} =    Load With K6    ${PROFILE}
    ${verdict} =    Judge Load    ${run}
    Show Load    ${run}    ${verdict}
    Every Threshold Should Hold    ${verdict}

The Highest Rate That Holds Is Found
    [Documentation]    Raises the arrival rate until a threshold breaks; the ledger is right even then.
    [Setup]    Only For    k6    stress
    ${run} =    Raise The Rate Until A Threshold Breaks
    ${verdict} =    Judge Load    ${run}
    Show Load    ${run}    ${verdict}
    Every Threshold Should Hold    ${verdict}

Load From Several Machines Is Carried
    [Documentation]    Locust's master and two workers, all on this machine, with the same mix.
    [Setup]    Only For    locust    smoke
    ${run} =    Load With Locust    workers=2
    ${verdict} =    Judge Load    ${run}
    Show Load    ${run}    ${verdict}
    Every Threshold Should Hold    ${verdict}

The Scenario For Artillery Is Carried
    [Documentation]    The seed's scenario; with `PROFILE=seed` in its own three phases.
    [Setup]    Only For    artillery    smoke    seed
    ${run} =    Load With Artillery    ${PROFILE}
    ${verdict} =    Judge Load    ${run}
    Show Load    ${run}    ${verdict}
    Every Threshold Should Hold    ${verdict}
