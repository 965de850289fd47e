*** Settings ***
Documentation     Each alert fires when its trouble is real, reaches its receiver, and resolves when the trouble ends.
...               The table of seconds stands at the end of the log and in `results/monitoring.json`.

Resource          monitoring.resource

Suite Teardown    Show Alerts
Test Teardown     End Trouble


*** Test Cases ***
Good Service Is Silent
    [Documentation]    No alert fires while players are served well.
    Rules Should Be Loaded
    No Alert Should Fire For    6

Killed Service
    [Documentation]    A process that was killed cannot be scraped.
    Begin Trouble    service killed
    Alerts Should Fire    service killed    InventoryServiceDown
    Alerts Should Resolve

Added Latency
    [Documentation]    Answers of the database come 2.6 s late.
    Begin Trouble    database slow
    Alerts Should Fire    database slow    InventoryHighLatency    InventoryBalanceCalculationSlow
    Alerts Should Resolve

Slow Reads
    [Documentation]    Answers of Redis come 0.7 s late: no limit of the six alerts, but over the objective for reads.
    Begin Trouble    redis slow
    Alerts Should Fire    redis slow    InventoryReadLatencyBurnFast    InventoryReadLatencyBurnSlow
    Alerts Should Resolve

Provoked Errors
    [Documentation]    Redis cannot be reached, so nobody's token can be checked and every call is refused with a 503.
    Begin Trouble    redis unreachable
    Alerts Should Fire    redis unreachable    InventoryHighErrorRate    InventoryAvailabilityBurnFast
    ...    InventoryAvailabilityBurnSlow
    Alerts Should Resolve

Flushed Cache
    [Documentation]    What is cached of players with history is lost as fast as it is written.
    Begin Trouble    cache flushed
    Alerts Should Fire    cache flushed    InventoryCacheProblems
    Alerts Should Resolve

Paused Database
    [Documentation]    The database takes connections and says nothing any more.
    Begin Trouble    database paused
    Alerts Should Fire    database paused    InventoryDatabaseIssues
    Alerts Should Resolve

Unchecked Ledger
    [Documentation]    Without a database nobody can look at the ledger.
    Require Self Check
    Begin Trouble    database unreachable
    Alerts Should Fire    database unreachable    InventoryLedgerCheckStale    InventoryDatabaseIssues
    Alerts Should Resolve

Broken Law
    [Documentation]    A row behind the service's back takes what is not there; another one mends it.
    Require Self Check
    Begin Trouble    items below zero
    Alerts Should Fire    items below zero    InventoryLedgerViolation
    Alerts Should Resolve
