*** Settings ***
Documentation    Empties the tables of a stack that nobody else uses, and fills the catalogue again.

Resource         ../../../resources/ledger.resource


*** Test Cases ***
Tables Are Emptied And Classifiers Come Back
    [Documentation]    Seed, section 7.6: CleanupTables and SeedClassifiers.
    ${player}    Create Player Who Owns    5 stone
    Clean Up Tables
    Ledger Should Have Rows    ${player}    0
    ${codes}    Codes Of    resource_type
    Should Be Empty    ${codes}
    Seed Classifiers
    ${codes}    Codes Of    resource_type
    Should Be Equal    ${codes}    ${{ ["diamond", "ore", "stone", "wood"] }}
    Wait Until Keyword Succeeds    5 s    50 ms    Add Items    ${player}    2 stone
    Inventory Should Be    ${player}    2 stone
