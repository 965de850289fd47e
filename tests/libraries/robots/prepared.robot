*** Settings ***
Documentation    What `Prepare` and `Send Together` do to keywords that send.

Resource         ../../../resources/concurrency.resource
Resource         ../../../resources/tokens.resource


*** Test Cases ***
What Is Prepared Is Not Sent
    [Documentation]    And a keyword that fails while it is prepared leaves nothing collected behind.
    ${player}    Create Player
    ${additions}    Prepare    3    Add Items    ${player}    1 stone
    Length Should Be    ${additions}    3
    Run Keyword And Expect Error    *does not read like*    Prepare    1    Add Items    ${player}    a b c d e
    Inventory Should Be    ${player}
    Send Together    ${additions}
    Inventory Should Be    ${player}    3 stone

Each Copy Is An Operation Of Its Own Unless It Was Given One
    [Documentation]    New ids differ from copy to copy, ids that were passed stay.
    ${player}    Create Player
    ${additions}    Prepare    4    Add Items    ${player}    1 stone
    VAR    ${ids}    ${{ [call.body["operation_id"] for call in $additions] }}
    Length Should Be    ${{ set($ids) }}    4
    ${operation}    New Id
    ${additions}    Prepare    4    Add Items    ${player}    1 stone    operation_id=${operation}
    VAR    ${ids}    ${{ [call.body["operation_id"] for call in $additions] }}
    Should Be Equal    ${ids}    ${{ [$operation] * 4 }}

Copies Are Dealt Out To All Instances Unless One Is Named
    [Documentation]    So that every race is one between processes.
    ${player}    Create Player
    ${instances}    Target Setting    instances
    ${reads}    Prepare    4    Read Inventory    ${player}
    Length Should Be    ${{ {call.url for call in $reads} }}    ${{ len($instances) }}
    ${reads}    Prepare    4    Read Inventory    ${player}    at=${instances}[-1]
    Should Be Equal    ${{ {call.url for call in $reads} }}    ${{ {$instances[-1].public + "/inventory"} }}

A Call For Each Value
    [Documentation]    The value stands after the positional arguments, the named ones stay.
    ${player}    Create Player Who Owns    2 stone
    ${one}    Reserve    ${player}    1 stone
    ${other}    Reserve    ${player}    1 stone
    VAR    @{operations}    ${one}    ${other}
    ${returns}    Prepare For Each    ${operations}    Return Reserve    ${player}    expect=200
    ${answers}    Send Together    ${returns}
    Answers Should Be    ${answers}    200=2
    Inventory Should Be    ${player}    2 stone
