*** Settings ***
Documentation    Parts that the target itself takes away and gives back, and logs that it hands over.

Resource         ../../resources/operations.resource
Resource         ../../resources/players.resource


*** Test Cases ***
A Part Is Away
    [Documentation]    6.1 S.
    Stop Part    redis
    Wait Until Keyword Succeeds    10 s    50 ms    Read Health    expect=503

A Part Is Back After The Test That Took It Away
    [Documentation]    6.1 S.
    Read Health

A Part Without Commands Is Not Taken Away
    [Documentation]    1.1 S.
    Stop Part    auth

Logs Are Handed Over
    [Documentation]    6.4 H.
    Require Part    logs
    Log In
    ${answer}    Last Answer
    Log Lines Of    ${answer.request_id}
