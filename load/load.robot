*** Settings ***
Documentation    Speed, memory and a ledger that is still right.

Resource         many_players.resource
Library          load.keywords.LoadKeywords
Variables        settings.py

Test Tags        load    slow


*** Test Cases ***
Load Is Carried Within Every Threshold
    [Documentation]    The seed's limits, ours, the ledger's laws for every player, and memory that does not grow.
    ...
    ...    With `stress` the highest arrival rate that holds is found; the ledger is right even beyond it.
    ${run} =    Put Load On    ${TOOL}    ${PROFILE}
    ${verdict} =    Judge Load    ${run}
    Show Load    ${run}    ${verdict}
    Every Threshold Should Hold    ${verdict}
