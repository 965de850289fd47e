*** Settings ***
Documentation    Requests that nobody thought of. `make fuzz` runs all; `SHORT=1` (and CI) asks a tenth.

Resource         ../resources/ledger.resource
Resource         ../resources/administration.resource
Library          Collections
Library          fuzz.keywords.FuzzKeywords

Suite Setup      Prepare The World

Test Tags        fuzz    slow    hardening


*** Variables ***
# Examples a call and kind of request; some thousand requests.
${EXAMPLES}     60
${SEED}         1
@{RICHES}       900000 stone    900000 wood    900000 ore    900000 keys/key    900000 tools/axe
# New keys take a second to make; health and metrics take nothing.
${LEAVE_OUT}    /keys/rotate|/metrics|/health|/openapi


*** Test Cases ***
Inventory Answers Whatever Is Asked As It Is Described
    [Documentation]    4.1 H, 4.2 H, 6.6 H.
    ${findings}    Fuzz The Listener Of    ${INSTANCE.public}
    Findings Should Be None    ${findings}

The Auth Service Answers Whatever Is Asked As It Is Described
    [Documentation]    4.2 H, 6.6 H.
    ${auth}    Target Setting    auth_url
    ${findings}    Fuzz The Listener Of    ${auth}
    Findings Should Be None    ${findings}

What No Client Sends Is Refused And Harms Nobody
    [Documentation]    4.1 S, 4.1 H, 4.2 H.
    ${player}    Create Player
    ${token}    Get A Service Token
    Raw Requests Should Be Refused    ${INSTANCE.internal}/inventory/add-items    ${player}    ${token}
    # The one that was accepted, and nothing of all others.
    Inventory Should Be    ${player}    1 stone
    Add Items    ${player}    1 stone
    Inventory Should Be    ${player}    2 stone

The Whole Ledger Is Lawful Afterwards
    [Documentation]    Law 1, law 2, law 3, law 4, law 5: every player, every acknowledgement, every refusal.
    Whole Ledger Should Be Lawful


*** Keywords ***
Prepare The World
    [Documentation]    Makes the players, riches and administrator that made-up requests are about.
    Prepare The Run
    Require Part    database    disposable data
    ${instances}    Target Setting    instances
    VAR    ${INSTANCE}    ${instances}[0]    scope=SUITE
    VAR    @{PLAYERS}    @{EMPTY}    scope=SUITE
    FOR    ${_}    IN RANGE    4
        ${player}    Create Player
        Add Items    ${player}    @{RICHES}
        Append To List    ${PLAYERS}    ${player}
    END
    ${administrator}    Create Administrator
    VAR    ${ADMINISTRATOR}    ${administrator}    scope=SUITE

Fuzz The Listener Of
    [Documentation]    Asks the listener at an address what it says of itself. Returns what was found.
    [Arguments]    ${base}
    ${auth}    Target Setting    auth_url
    ${token}    Get A Service Token
    VAR    ${origin}    ${{ '/'.join($base.split('/', 3)[:3]) }}
    ${findings}    Fuzz As Described    ${origin}/openapi/openapi.json    ${EXAMPLES}    ${SEED}    ${PLAYERS}
    ...    ${token}    ${ADMINISTRATOR}    ${auth}/auth/login    ${LEAVE_OUT}    ${RICHES}
    RETURN    ${findings}
