*** Settings ***
Documentation    A few questions to a stack, so that tests of the mutants need not run all suites.

Library          ${CURDIR}/small.py


*** Test Cases ***
A Call Without A Token Is Refused
    [Documentation]    Contract, 3.1.
    Refusal Should Be    /inventory    401    missing_token

An Unknown Path Is Not Found
    [Documentation]    Contract, 4.2.
    Refusal Should Be    /nothing    404    not_found

A Day Starts At Midnight
    [Documentation]    Contract, 5.1.
    Day Should Start    2025-01-02 03:04:05+00    2025-01-02 00:00:00+00:00
