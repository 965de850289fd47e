*** Settings ***
Documentation    Both instances are restarted, one after the other, while clients behind a balancer go on. Whoever sends
...              again what has failed, by its operation id, loses nothing (4.11); who does not loses at most what was
...              under way at the instance that ended.

Resource         troubles.resource

Suite Setup      Require Part    a stack that mends    database    disposable data    an administrator

Test Tags        resilience    hardening


*** Test Cases ***
A Rolling Restart Fails No Call Of Clients Who Send Again
    [Documentation]    4.11 H, law 5, law 7.
    No Call Should Be Lost While    terminate each instance

A Rolling Restart Fails At Most What Is Under Way
    [Documentation]    4.13 H, law 5, law 7.
    Only What Is Under Way Should Be Lost While    terminate each instance

Instances That Are Killed In Turn Fail No Call Of Clients Who Send Again
    [Documentation]    4.11 H, law 5, law 7.
    No Call Should Be Lost While    kill each instance

Instances That Are Killed In Turn Fail At Most What Is Under Way
    [Documentation]    4.13 H, law 5, law 7.
    Only What Is Under Way Should Be Lost While    kill each instance
