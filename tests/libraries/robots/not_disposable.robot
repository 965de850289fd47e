*** Settings ***
Documentation    What is run against a target that is not marked disposable.

Resource         ../../../resources/ledger.resource


*** Test Cases ***
Tables Of Others Are Not Emptied
    [Documentation]    Must fail.
    Clean Up Tables

Ledgers Of Others Are Not Written To
    [Documentation]    Must fail.
    ${player}    Create Player
    Add Items To The Ledger    ${player}    5 stone
