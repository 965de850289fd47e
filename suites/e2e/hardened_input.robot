*** Settings ***
Documentation    Bodies that could be read in two ways are refused, and write nothing (contract 4.1).

Resource         ../../resources/operations.resource
Resource         ../../resources/validation.resource

Suite Setup      Share One Administrator
Test Teardown    Run Keywords    Good Request Should Still Succeed
...                  AND    Ledger Laws Should Hold For This Test

Test Tags        e2e    hardening


*** Test Cases ***
A Member That Stands Twice Is Refused
    [Documentation]    4.1 H: by its name, whichever it is, wherever it stands, and also with the same value.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused By The Name Of What Is Twice
    # in the good body, as text    becomes
    "section"    "section": "trade", "section"
    "operation_id"    "operation_id": "00000000-0000-4000-8000-000000000001", "operation_id"
    "quantity"    "quantity": 5, "quantity"
    "comment"    "unknown": 1, "unknown": 2, "comment"
    "comment"    "sect\\u0069on": "main", "comment"

A Member Is Known In Its Own Letters Only
    [Documentation]    4.1 H: in capitals it is another one, and the one that is needed is missing.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes
    "user_id"    "USER_ID"
    "section"    "Section"
    "operation_type"    "Operation_Type"
    "operation_id"    "Operation_Id"
    "items"    "Items"
    "item_id"    "Item_id"
    "quantity"    "Quantity"

A Member In Other Letters Changes Nothing
    [Documentation]    4.1 S, 4.4 S, 4.5 S, 4.9 S: beside the one that a call has it is unknown to it, or bad input.
    [Tags]    -hardening
    [Template]    Member In Other Letters Should Change Nothing
    # the call    what the player has afterwards    the member    what it says
    Add Items    13 stone    items.0.Quantity    100
    Add Items    13 stone    items.0.QUANTITY    100
    Add Items    13 stone    Section    "trade"
    Add Items    13 stone    User_ID    "00000000-0000-4000-8000-000000000001"
    Add Items    13 stone    ITEMS    []
    Reserve    7 stone    items.0.Quantity    1
    Reserve    7 stone    USER_ID    "00000000-0000-4000-8000-000000000001"
    Adjust Inventory    13 stone    items.0.Quantity_Change    100
    Adjust Inventory    13 stone    Section    "trade"
    [Teardown]    Ledger Laws Should Hold For This Test

A Member That Stands In Another Is Not There
    [Documentation]    4.1 S, 4.4 S: a call that lacks what it needs is refused, whatever is called how beside it.
    [Tags]    -hardening
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes    the answer
    "section": "main"    "__proto__": {"section": "main"}    400
    "section": "main"    "constructor": {"prototype": {"section": "main"}}    400
    "quantity": 1    "__proto__": {"quantity": 1}    400
    "quantity": 1    "quantity.value": 1    400

A Member That Stands Twice Is Refused By The End Of A Reservation
    [Documentation]    4.1 H.
    [Setup]    Prepare Bad Requests For    return-reserve
    [Template]    Body Should Be Refused By The Name Of What Is Twice
    # in the good body, as text    becomes
    "user_id"    "user_id": "00000000-0000-4000-8000-000000000001", "user_id"
    "operation_id"    "operation_id": "00000000-0000-4000-8000-000000000001", "operation_id"
    "operation_id"    "operat\\u0069on_id": "00000000-0000-4000-8000-000000000001", "operation_id"
    "user_id"    "unknown": 1, "unkn\\u006fwn": 2, "user_id"
    "user_id"    "unknown": "\xff\xfe", "user_id"

A Member That Stands Twice Is Refused By An Adjustment
    [Documentation]    4.1 H.
    [Setup]    Prepare Bad Adjustments
    [Template]    Body Should Be Refused By The Name Of What Is Twice
    # in the good body, as text    becomes
    "reason"    "reason": "Another reason for it", "reason"
    "quantity_change"    "quantity_change": 5, "quantity_change"

A Body That Is Not UTF-8 Is Refused
    [Documentation]    4.1 H: also in a member that nobody knows.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused With
    # in the good body, as text    becomes, byte by byte
    "comment"    "unknown": "\xff\xfe", "comment"
    "comment"    "unknown": "\xed\xa0\x80", "comment"
    "comment": "    "comment": "\xc3\x28

No Body However Odd Is Answered As A Failure Of The Service
    [Documentation]    4.1 S: what is odd is refused or, in a member that nobody knows, ignored.
    [Tags]    -hardening
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused Or Ignored With
    # in the good body, as text    becomes, byte by byte
    "comment"    "unknown": "\xff\xfe", "comment"
    "comment"    "unknown": "\xed\xa0\x80", "comment"
    "comment"    "unknown": "\\ud800", "comment"
    "comment"    "unknown": 1e400, "comment"
    "comment"    "unknown": ${{ "9" * 4500 }}, "comment"
    "comment"    "unknown": ${{ "[" * 1500 + "]" * 1500 }}, "comment"
    "comment"    "unknown": ${{ '{"a":' * 1500 + "1" + "}" * 1500 }}, "comment"
    "comment": "    "comment": "\xc3\x28
    "comment": "    "comment": "\\u0000
    "comment": "    "comment": "\\ud800
    "quantity": 1    "quantity": ${{ "9" * 4500 }}    4xx
    "quantity": 1    "quantity": 1e400    4xx
    "quantity": 1    "quantity": ${{ "[" * 1500 + "]" * 1500 }}    400
    [Teardown]    Ledger Laws Should Hold For This Test

What Some Languages Take For JSON Is A Malformed Body
    [Documentation]    4.1 S: numbers that are none, also where nobody looks, and texts and lists as in other languages.
    [Tags]    -hardening
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Body Should Be Refused Or Ignored With
    # in the good body, as text    becomes    the answer
    "comment"    "unknown": NaN, "comment"    400
    "comment"    "unknown": [-Infinity], "comment"    400
    "quantity": 1    "quantity": NaN    400
    "quantity": 1    "quantity": Infinity    400
    "quantity": 1    "quantity": 1,    400
    "comment"    'unknown': 1, "comment"    400
    "comment"    /* unknown */ "comment"    400
    [Teardown]    Ledger Laws Should Hold For This Test

No Adjustment However Odd Is Answered As A Failure Of The Service
    [Documentation]    4.1 S, 4.9 S: numbers beyond all bounds, and nothing where there has to be something.
    [Tags]    -hardening
    [Setup]    Prepare Bad Adjustments
    [Template]    Body Should Be Refused Or Ignored With
    # in the good body, as text    becomes, byte by byte    the answer
    "quantity_change": 1    "quantity_change": 100000000000000000000    4xx
    "quantity_change": 1    "quantity_change": -100000000000000000000    4xx
    "quantity_change": 1    "quantity_change": 1e300    4xx
    "quantity_change": 1    "quantity_change": null    4xx
    "items": [    "items": null, "unknown": [    4xx
    "items": [    "items": {}, "unknown": [    4xx
    "section": "main"    "section": null    4xx
    "reason": "    "reason": "\\u0000
    "reason": "    "reason": "\\ud800
    [Teardown]    Ledger Laws Should Hold For This Test

No Reservation However Odd Is Answered As A Failure Of The Service
    [Documentation]    4.1 S, 4.5 S: likewise.
    [Tags]    -hardening
    [Setup]    Prepare Bad Requests For    reserve
    [Template]    Body Should Be Refused Or Ignored With
    # in the good body, as text    becomes, byte by byte    the answer
    "quantity": 1    "quantity": 100000000000000000000    4xx
    "quantity": 1    "quantity": -100000000000000000000    4xx
    "items": [    "items": null, "unknown": [    4xx
    "items": [    "items": {}, "unknown": [    4xx
    [Teardown]    Ledger Laws Should Hold For This Test

A Body That Is Not An Object Is No Failure Of The Service
    [Documentation]    4.1 S, 4.9 S: whatever it is, of an adjustment too; nor is it one, with all values in it.
    [Tags]    -hardening
    [Setup]    Prepare Bad Adjustments
    [Template]    Body Should Be Refused
    # the body
    null
    7
    "text"
    ${{ json.dumps([$GOOD_BODY]) }}
    ${{ json.dumps(list(map($GOOD_BODY.get, ["user_id", "section", "items", "reason"]))) }}

What Stands In A List Is No Text
    [Documentation]    4.1 S: a wrong type, though there are languages that make a text of it; nor is an object one.
    [Tags]    -hardening
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    section    ["main"]
    section    {}
    operation_type    ["chest_reward"]
    user_id    ${{ json.dumps([$GOOD_BODY["user_id"]]) }}
    items.0.item_id    ${{ json.dumps([$GOOD_BODY["items"][0]["item_id"]]) }}
    items.1.item_id    {}
    items.0.quality_level    ["base"]
    items.1.collection    ["base"]
    items.1.quantity    [1]
    comment    ["a comment"]

What Stands In A List Is No Id Of A Reservation
    [Documentation]    4.1 S, 4.6 S: likewise.
    [Tags]    -hardening
    [Setup]    Prepare Bad Requests For    return-reserve
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    user_id    ${{ json.dumps([$GOOD_BODY["user_id"]]) }}
    operation_id    ${{ json.dumps([$GOOD_BODY["operation_id"]]) }}
    operation_id    {}

What Stands In A List Is No Reason For An Adjustment
    [Documentation]    4.1 S, 4.9 S: likewise, though it is ten long.
    [Tags]    -hardening
    [Setup]    Prepare Bad Adjustments
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    reason    ["A good reason", "", "", "", "", "", "", "", "", ""]
    section    ["main"]
    user_id    ${{ json.dumps([$GOOD_BODY["user_id"]]) }}
    items.0.item_id    ${{ json.dumps([$GOOD_BODY["items"][0]["item_id"]]) }}
    items.1.quantity_change    [1]

No Adjustment Takes So Much Away That It Counts As A Gain
    [Documentation]    4.9 S, law 2: around -2^63, by one line, by two, and by many, alone or after others.
    [Tags]    -hardening
    [Setup]    Run Keywords    Require Part    an administrator
    ...    AND    Give The Test A Player Who Owns    7 stone
    VAR    @{least}    items.0.quantity_change    ${{ str(-2**63) }}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    but=${least}    expect=4xx
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    -1 stone    but=${least}    expect=4xx
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{{ [f"-{2**53 - 1} stone"] * 1100 }}    expect=4xx
    FOR    ${most}    IN    ${{ 2**31 - 1 }}    ${{ 2**63 - 1 }}
        VAR    @{lines}    ${most} stone    ${most} stone    3 stone
        Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    @{{ ["-" + line for line in $lines] }}    expect=4xx
    END
    Inventory Should Be    ${PLAYER}    7 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    -2 stone
    Inventory Should Be    ${PLAYER}    4 stone
    [Teardown]    Ledger Laws Should Hold For This Test

An Addition With An Empty Comment Is Known When It Comes Again
    [Documentation]    4.11 H: as one with another comment, or with none, is.
    [Setup]    Give The Test A Player
    ${operation}    Add Items    ${PLAYER}    1 stone    comment=${EMPTY}
    Add Items    ${PLAYER}    1 stone    comment=${EMPTY}    operation_id=${operation}
    Inventory Should Be    ${PLAYER}    1 stone
    [Teardown]    Ledger Laws Should Hold For This Test

A Number With An Exponent Is What It Says Or Bad Input
    [Documentation]    4.1 S, 4.4 S.
    [Tags]    -hardening
    [Template]    Addition Should Be Of As Many As It Says
    # the quantity    how many that are
    1e1    10
    1E+2    100
    2.5e1    25
    120e-1    12
    30.0    30
    [Teardown]    Ledger Laws Should Hold For This Test

No Sum Of Lines Wraps Around To A Small Number
    [Documentation]    4.1 S, 4.4 S, 4.5 S, law 2: in 32 bits, or in 64, three of them leave 1, and two less than none.
    [Tags]    -hardening
    [Setup]    Give The Test A Player Who Owns    7 stone
    FOR    ${bits}    IN    32    64
        VAR    ${most}    ${{ 2 ** (int($bits) - 1) - 1 }}
        Reserve    ${PLAYER}    ${most} stone    ${most} stone    3 stone    expect=4xx
        Reserve    ${PLAYER}    ${{ $most // 2 + 1 }} stone    ${{ $most // 2 + 1 }} stone    expect=4xx
    END
    Inventory Should Be    ${PLAYER}    7 stone
    Add Items    ${PLAYER}    ${most} stone    ${most} stone    3 stone    expect=200|4xx
    ${answer}    Last Answer
    Inventory Should Be    ${PLAYER}    ${{ 2**64 + 8 if $answer.status == 200 else 7 }} stone
    Reserve    ${PLAYER}    7 stone
    [Teardown]    Ledger Laws Should Hold For This Test

One Number Beyond A Floating-Point Number Is Taken As It Is Or Not At All
    [Documentation]    4.1 S, 4.4 S, 4.5 S, 4.9 S: who reads it as one writes one less than was asked for.
    [Tags]    -hardening
    [Template]    Number Beyond A Floating-Point Number Should Be Exact By
    # the call    where it puts what it names
    Add Items    main
    Adjust Inventory    main
    Reserve    factory
    [Teardown]    Ledger Laws Should Hold For This Test

A Body May Come In Pieces
    [Documentation]    4.4 S: it is the same call without a length that tells beforehand, where HTTP lets a server ask
    ...    for one.
    [Tags]    -hardening
    [Setup]    Give The Test A Player
    Leave Out Of Histories    ${PLAYER}
    ${service}    Get A Service Token
    VAR    @{items}    1 stone
    ${body}    Body    ${items}    user_id=${PLAYER.user_id}    section=main    operation_type=chest_reward
    ...    operation_id=${NONE}
    VAR    ${text}    ${{ json.dumps($body) }}
    VAR    @{pieces}    ${text[:32]}    ${{ "%x" % (len($text) - 32) }}    ${text[32:]}
    ${answer}    Send By Hand    POST BASE/inventory/add-items HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Content-Type: application/json    Transfer-Encoding: chunked
    ...    rest=\r\n20\r\n${pieces}[0]\r\n${pieces}[1]\r\n${pieces}[2]\r\n0\r\n\r\n    by=${service}    to=internal
    ...    expect=200|411|501
    Inventory Should Be    ${PLAYER}    @{{ ["1 stone"] if $answer.status == 200 else [] }}
    [Teardown]    NONE

A Body Of 1 MiB Is Taken Also When Its End Comes Late
    [Documentation]    4.1 H: in two pieces, of which the other says no more than that it is the last.
    [Setup]    Give The Test A Player
    # A call by hand has no record of its body.
    Leave Out Of Histories    ${PLAYER}
    ${service}    Get A Service Token
    VAR    @{items}    1 stone
    ${body}    Body    ${items}    user_id=${PLAYER.user_id}    section=main    operation_type=chest_reward
    ...    operation_id=${NONE}
    VAR    ${text}    ${{ json.dumps($body).ljust(2**20) }}
    Send By Hand    POST BASE/inventory/add-items HTTP/1.1    Host: HOST    Authorization: Bearer TOKEN
    ...    Content-Type: application/json    Transfer-Encoding: chunked    rest=\r\n100000\r\n${text}\r\n
    ...    filler=0\r\n\r\n    most=5    every=0.2    by=${service}    to=internal
    Inventory Should Be    ${PLAYER}    1 stone
    [Teardown]    NONE

What Has Filled A Section Is Repeated Like Anything Else
    [Documentation]    4.11 H, 4.1 H: for what was written once there was room.
    [Setup]    Run Keywords    Give The Test A Player
    ...    AND    Require Part    database    disposable data
    Add Items To The Ledger    ${PLAYER}    ${{ 2**62 - 5 }} stone
    ${operation}    Add Items    ${PLAYER}    5 stone
    Add Items    ${PLAYER}    5 stone    operation_id=${operation}
    Inventory Should Be    ${PLAYER}    ${{ 2**62 }} stone
    [Teardown]    Ledger Laws Should Hold For This Test

However Many Lines There Are A Call Is No Failure
    [Documentation]    4.1 S, 4.4 S, law 4: seven hundred kilobytes of them is written, each of them, or is too large.
    [Tags]    -hardening    long
    [Setup]    Give The Test A Player
    Add Items    ${PLAYER}    @{{ ["1 stone"] * 10999 + ["1 wood"] }}    expect=200|4xx
    ${answer}    Last Answer
    VAR    @{there}    @{{ ["10999 stone", "1 wood"] if $answer.status == 200 else [] }}
    Inventory Should Be    ${PLAYER}    @{there}
    [Teardown]    Ledger Laws Should Hold For This Test


*** Keywords ***
Number Beyond A Floating-Point Number Should Be Exact By
    [Documentation]    Fails unless a call of 2^53+1 stones is of so many, or is refused and moves none (4.4, 4.5, 4.9).
    [Arguments]    ${call}    ${section}
    VAR    ${most}    9007199254740993 stone
    ${player}    Create Player
    IF    $call == "Reserve"
        Require Balances Beyond A Floating-Point Number    ${player}
    END
    VAR    @{who}    @{{ [$ADMINISTRATOR, $player] if $call == "Adjust Inventory" else [$player] }}
    Run Keyword    ${call}    @{who}    ${most}    expect=200|4xx
    ${answer}    Last Answer
    IF    $call == "Adjust Inventory" and $answer.status == 200
        Final Balances Should Be    ${most}
    END
    Inventory Should Be    ${player}    @{{ [$most] if $answer.status == 200 else [] }}    section=${section}

Body Should Be Refused By The Name Of What Is Twice
    [Documentation]    Like `Body Should Be Refused With`; the refusal has to name the member that stands twice (4.1).
    [Arguments]    ${text}    ${becomes}
    Body Should Be Refused With    ${text}    ${becomes}
    ${answer}    Last Answer
    VAR    ${sent}    ${{ json.dumps($GOOD_BODY).replace($text, $becomes, 1) }}
    VAR    ${pairs}    ${{ json.loads($sent, object_pairs_hook=list) }}
    VAR    @{names}    @{{ [name for name, _ in $pairs + dict($pairs).get("items", [[]])[0]] }}
    VAR    @{twice}    @{{ [name for name, times in collections.Counter($names).items() if times > 1] }}
    FOR    ${name}    IN    @{twice}
        Should Contain    ${answer.text}    ${name}    The refusal does not name ${name} (4.1): ${answer.text}
        ...    values=False
    END

Body Should Be Refused With
    [Documentation]    Fails unless the good body is refused once its first piece of this text is another.
    [Arguments]    ${text}    ${becomes}    ${expect}=400 validation_failed
    VAR    ${good}    ${{ json.dumps($GOOD_BODY) }}
    Should Contain    ${good}    ${text}    The good body has no ${text}: the row proves nothing
    Send    POST    ${PATH}    to=${TO}    by=${BY}    raw=${{ $good.replace($text, $becomes, 1).encode("latin-1") }}
    ...    but=${{ [$text, $becomes] }}    expect=${expect}

Member In Other Letters Should Change Nothing
    [Documentation]    Fails unless a call about 3 stone, of a player who has 10, is answered as if such a member were
    ...    not there, or is refused and writes nothing (4.1).
    [Arguments]    ${call}    ${afterwards}    ${member}    ${value}
    ${player}    Create Player Who Owns    10 stone
    VAR    @{who}    ${player}    3 stone
    IF    $call == "Adjust Inventory"
        VAR    @{who}    ${ADMINISTRATOR}    ${player}    +3 stone
    END
    Run Keyword    ${call}    @{who}    but=${{ [$member, $value] }}    expect=200|400
    ${answer}    Last Answer
    TRY
        Inventory Should Be    ${player}    ${{ $afterwards if $answer.status == 200 else "10 stone" }}
    EXCEPT    AS    ${problem}
        Fail    ${member}: ${value}, sent beside the member in its own letters, was not ignored (4.1): ${problem}
    END

Body Should Be Refused Or Ignored With
    [Documentation]    Fails when a good addition with such a piece of text is answered by anything but 200 or 400, and
    ...    unless the good one is accepted afterwards.
    [Arguments]    ${text}    ${becomes}    ${expect}=200|400
    Give The Good Body A New Id
    Body Should Be Refused With    ${text}    ${becomes}    ${expect}
    Give The Good Body A New Id
    Good Request Should Still Succeed

Give The Good Body A New Id
    [Documentation]    What was sent before may have been accepted.
    ${operation}    New Id
    VAR    ${GOOD_BODY}    ${{ {**$GOOD_BODY, "operation_id": $operation} }}    scope=TEST
