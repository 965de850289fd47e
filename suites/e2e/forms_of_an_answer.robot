*** Settings ***
Documentation    One answer, whatever its caller would take, has already or names in its headers (contract 4.2 to 4.4).

Resource         ../../resources/inventory.resource
Resource         ../../resources/ledger.resource

Test Setup       Give The Test A Player Who Owns    10 stone
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
An Answer Comes Whatever Its Caller Would Rather Have
    [Documentation]    4.3 S, 4.4 S, 4.2 S: clients name what they take, and JSON is in each of these; a refusal too.
    [Template]    Answer Should Come With Headers
    # the headers of the call
    Accept=application/json, text/plain, */*
    Accept=application/json; charset=utf-8
    Content-Type=application/json
    Accept=application/*    Accept-Language=lv, en;q=0.5
    Accept=text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8    Upgrade-Insecure-Requests=1
    Accept=*/*    Accept-Encoding=gzip, deflate
    Accept-Encoding=identity
    Accept-Charset=utf-8    User-Agent=${EMPTY}
    Referer=http://127.0.0.1:1/x    Cache-Control=no-cache
    X-Forwarded-For=10.0.0.7, 10.0.0.8    X-Forwarded-Proto=https

A Large Answer Comes As It Is To Whoever Asks For No Other Form
    [Documentation]    4.4 S: in no encoding, where the caller names none but the plain one.
    VAR    &{plain}    Accept-Encoding=identity
    VAR    @{lines}    @{{ ["1 wood"] * 300 }}
    Add Items    ${PLAYER}    @{lines}    headers=${plain}    expect=200|413
    ${answer}    Last Answer
    Skip If
    ...    ${answer.status} == 413
    ...    a body of 20 KB is beyond the limit here, for which only hardening has a number
    VAR    ${encoding}    ${answer.headers.get("content-encoding", "identity")}
    Should Be Equal    ${encoding}    identity    The answer is encoded though nobody asked for it

What A Caller Has Already Is Never Called Unchanged
    [Documentation]    Law 6: a read that asks only for what has changed since the last one, in the same second too.
    ${read}    Read Inventory    ${PLAYER}
    Add Items    ${PLAYER}    5 stone
    VAR    ${date}    ${{ $read.headers.get("last-modified") or $read.headers.get("date") }}
    VAR    &{since}    If-Modified-Since=${date}
    VAR    &{tagged}    If-None-Match=${{ $read.headers.get("etag", '"x"') }}
    FOR    ${headers}    IN    ${since}    ${tagged}
        ${answer}    Read Inventory    ${PLAYER}    headers=${headers}
        Items Should Be    ${answer}    items    15 stone
    END

A Refusal Tells Of Everything That Is Short However Much It Is
    [Documentation]    4.5 H: one entry a variant, of more than a hundred where the catalogue has so many.
    [Tags]    hardening
    ${variants}    Variants Of Every Kind    130
    ${player}    Create Player
    Reserve    ${player}    @{{ ["2 " + variant for variant in $variants] }}    expect=400 insufficient_items
    Last Answer Should Lack    @{{ [variant + " required=2 available=0" for variant in $variants] }}


*** Keywords ***
Answer Should Come With Headers
    [Documentation]    Fails unless a read, a write and refusals with these headers are answered as without them (4.2 to
    ...    4.4).
    [Arguments]    &{headers}
    ${answer}    Read Inventory    ${PLAYER}    headers=${headers}
    Items Should Be    ${answer}    items    10 stone
    Add Items    ${PLAYER}    1 wood    section=trade    headers=${headers}
    Last Row Ids
    Read Inventory    ${NONE}    headers=${headers}    expect=401
    Last Answer Should Be A Refusal
    Read Inventory    ${PLAYER}    cellar    headers=${headers}    expect=400
    Last Answer Should Be A Refusal
    Reserve    ${PLAYER}    2 wood    headers=${headers}    expect=400
    Last Answer Should Be A Refusal
