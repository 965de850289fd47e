*** Settings ***
Documentation    What the services write to their logs (contract, section 6: logs). Where a target does not hand over
...              its logs, the tests are skipped with the reason.

Resource         ../../resources/inventory.resource
Library          monitoring.service_logs

Test Tags        operations


*** Test Cases ***
Every Line Is One JSON Object With The Promised Fields
    [Documentation]    Section 6: `timestamp` in UTC, `level`, `message` and `service` in every line; the rest in the
    ...    line of a request. Successes, refusals and bad input have left lines before.
    ${player}    Create Player Who Owns    1 stone
    Read Inventory    ${player}
    Reserve    ${player}    2 stone    expect=400 insufficient_items
    Path Should Be Logged As Answered    /inventory
    Log Lines Should Have The Promised Fields

A Login And A Read Under One Request Id Are Found In The Logs Of Both Services
    [Documentation]    Section 6: `X-Request-ID` is taken over, so one search shows what became of a request.
    Request Should Be Found In Both Logs

The Line Of A Request Tells Who Asked For What And What Came Of It
    [Documentation]    Section 6: `method`, `path`, `status`, `duration_ms` and `user_id`.
    ${player}    Create Player
    Read Inventory    ${player}
    Last Call Should Be Logged For    ${player}    GET    200

A Request Id That Is No Such Thing Cannot Forge A Line
    [Documentation]    Section 6: one JSON object a line, whatever a caller sends.
    Strange Request Ids Should Not Spoil The Log

No Token, Secret Or Password Is In The Logs
    [Documentation]    Section 6: never a token, secret or password. Good and bad tokens, init data and wrong secrets
    ...    have been sent before the search.
    ${player}    Create Player
    Read Inventory    ${player}
    Secrets Should Have Been Sent    ${player}
    Logs Should Hold No Secrets
