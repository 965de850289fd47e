*** Settings ***
Documentation    One call in the forms that different clients give it: texts of several lines, headers
...              of browsers and libraries (contract 4.1 to 4.9). What is the same by its meaning is the same.

Resource         ../../resources/contests.resource
Resource         ../../resources/ledger.resource
Resource         ../../resources/validation.resource
Resource         ../../resources/variants.resource

Suite Setup      Share One Administrator
Test Setup       Give The Test A Player Who Owns    10 stone
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
A Comment Is Kept As It Was Written
    [Documentation]    4.4 S: a text of at most 500 characters, in whatever script and however many lines.
    [Template]    Comment Should Be Kept
    # the comment
    of two\nlines
    with a\ttab and \\ a "quote" and 'another'
    ${{ "👩\u200D🔧 mended it; é, e\u0301, 狼, שלום,\u00A0x" }}
    ${{ "<b>%s $1 '; DROP TABLE x; --" }}
    it lies in C:\\
    0

An Empty Comment Is No Bad Input
    [Documentation]    4.4 S: it has at most 500 characters; of a least number no rule speaks.
    Add With A Member    ${PLAYER}    comment    ""

What May Be Left Out May Be Null Or Is Bad Input
    [Documentation]    4.1 S, 4.4 S, 4.5 S, 4.9 S: that is how serializers say nothing, and no failure.
    FOR    ${member}    IN    comment    items.0.collection    items.0.quality_level
        Add With A Member    ${PLAYER}    ${member}    null    expect=200|400
    END
    FOR    ${member}    IN    items.0.collection    items.0.quality_level
        Reserve    ${PLAYER}    1 stone    but=${{ [$member, "null"] }}    expect=200|400
        Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 ore    but=${{ [$member, "null"] }}    expect=200|400
    END

A Line Does Not Name What The Call Names
    [Documentation]    4.1 S, 4.4 S: a member that a line does not have is unknown there, though the call has it.
    ${other}    Create Player
    Add With A Member    ${PLAYER}    items.0.section    "trade"
    Add With A Member    ${PLAYER}    items.0.user_id    "${other.user_id}"
    Add With A Member    ${PLAYER}    items.0.operation_type    "trade_listing"
    Add With A Member    ${PLAYER}    items.0.quantity_change    -1
    Inventory Should Be    ${PLAYER}    22 stone
    Inventory Should Be    ${PLAYER}    section=trade
    Inventory Should Be    ${other}

An End Does Not Name What It Ends
    [Documentation]    4.6 S, 4.7 S, 4.1 S, law 3: items are unknown to it, and the whole reservation ends.
    [Template]    Whole Reservation Should End By
    # the call
    return-reserve
    consume-reserve

An Operation's Id Is A UUID Of Any Version
    [Documentation]    4.4 S, 4.5 S, 4.6 S, 4.7 S, 4.8 S.
    [Template]    Each Call Should Take Ids Like
    # the operation's id
    ${{ str(uuid.uuid1()) }}
    ${{ str(uuid.uuid5(uuid.uuid4(), "a key of the caller's own")) }}
    ${{ str(uuid.UUID(int=uuid.uuid4().int & ~(0xF << 76) | 7 << 76)) }}

A Caller Need Not Name Its Request
    [Documentation]    4.3 S, 4.4 S, 4.5 S, 4.6 S, 4.8 S, 4.9 S: each call without the header.
    VAR    &{unnamed}    X-Request-ID=${NONE}
    Add Items    ${PLAYER}    9 ore    headers=${unnamed}
    ${operation}    Reserve    ${PLAYER}    2 ore    headers=${unnamed}
    Read Reservation    ${operation}    headers=${unnamed}
    Return Reserve    ${PLAYER}    ${operation}    headers=${unnamed}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -9 ore    headers=${unnamed}
    Read Inventory    ${PLAYER}    headers=${unnamed}

Words Of A Programming Language Are No Codes
    [Documentation]    4.1 S: whatever holds the codes of a service has members of its own.
    [Setup]    Prepare Bad Requests For    add-items
    [Template]    Value Should Be Refused
    # member    its value, as JSON
    section    "constructor"
    section    "__proto__"
    operation_type    "toString"
    items.0.collection    "constructor"
    items.0.quality_level    "__class__"
    items.1.quality_level    "__proto__"

A Reason Is Kept As It Was Written
    [Documentation]    4.9 S: a text of 10 to 500 characters, in whatever script and however many lines.
    [Tags]    admin
    [Template]    Reason Should Be Taken
    # the reason
    a text of two\nlines
    with a\ttab and \\ a "quote" and 'another'
    ${{ "👩\u200D🔧 mended it; é, e\u0301, 狼, שלום,\u00A0x" }}
    ${{ "<b>%s $1 '; DROP TABLE x; --" }}
    0123456789

A Quantity Goes By Its Own Name
    [Documentation]    4.1 S: what is called otherwise is unknown, and the quantity is missing; first line and last.
    [Setup]    NONE
    [Template]    Quantity Of Another Name Should Be Missed By
    # the call    how its quantity is called    and not
    add-items    quantity    quantity_change
    reserve    quantity    quantity_change
    adjust    quantity_change    quantity
    add-items    quantity    amount

A Line Of A Call Is An Item
    [Documentation]    4.1 S: nothing, a text, a list, an item in a list and an item's values in one, beside a line that
    ...    is good; and lines stand in a list, not in an object, were it but one.
    [Setup]    NONE
    [Template]    Line That Is No Item Should Be Refused By
    # the call
    add-items
    reserve
    adjust

Many Lines In One Call All Count
    [Documentation]    4.4 S, 4.5 S, 4.6 S, 4.7 S, law 4: 150 lines, of which the last is another item.
    [Setup]    NONE
    ${player}    Create Player
    VAR    @{lines}    @{{ ["1 stone"] * 149 + ["1 wood"] }}
    Add Items    ${player}    @{lines}
    Inventory Should Be    ${player}    149 stone    1 wood
    ${returned}    Reserve    ${player}    @{lines}
    Inventory Should Be    ${player}    149 stone    1 wood    section=factory
    Return Reserve    ${player}    ${returned}
    Reserve And Consume All    ${player}    @{lines}
    Inventory Should Be    ${player}
    Inventory Should Be    ${player}    section=factory

Lines Beyond A Thousand All Count
    [Documentation]    4.4 S, 4.5 S, 4.6 S, law 4: a body below the limit of its size has as many items as it likes.
    [Setup]    NONE
    ${player}    Create Player
    VAR    @{lines}    @{{ ["1 stone"] * 1099 + ["1 wood"] }}
    Add Items    ${player}    @{lines}    expect=200|413
    ${answer}    Last Answer
    Skip If
    ...    ${answer.status} == 413
    ...    a body of 75 KB is beyond the limit here, for which only hardening has a number
    ${reserved}    Reserve    ${player}    @{lines}
    Inventory Should Be    ${player}    1099 stone    1 wood    section=factory
    Return Reserve    ${player}    ${reserved}
    Inventory Should Be    ${player}    1099 stone    1 wood
    Inventory Should Be    ${player}    section=factory

An Item Comes In The Collections Of Its Own List
    [Documentation]    4.1 S, 4.4 S, section 5: and in no others.
    [Setup]    Run Keywords    Require Part    database    disposable data    AND    Give The Test A Player
    ${item}    Put An Item Into The Catalogue    rusty    anniversary
    What Is New Should Become Known    Item Should Be Known    ${item}
    Add By Id    ${item}    ${NONE}    but=${{ ["items.0.collection", '"anniversary"'] }}
    ${elsewhere}    Codes Of    collection
    VAR    ${other}    ${{ next(iter(sorted(set($elsewhere) - {"base"})), "anniversaire") }}
    Add By Id    ${item}    ${NONE}    but=${{ ["items.0.collection", json.dumps($other)] }}    expect=400

A Reservation Of What Is New Is Told At Every Instance
    [Documentation]    4.8 S, 5.3 S: once one has taken it, also by one that was not asked for anything else since.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player Who Owns    2 stone
    ${other}    Second Instance
    ${operation}    Reserve    ${PLAYER}    1 stone
    Read Reservation    ${operation}
    ${item}    Put An Item Into The Catalogue    rusty
    What Is New Should Be Taken By    Add By Id    ${item}    rusty    at=${other}
    ${operation}    Reserve By Id    ${item}    rusty    at=${other}
    ${here}    Read Reservation    ${operation}
    ${there}    Read Reservation    ${operation}    at=${other}
    Should Be Equal
    ...    ${here.body}[reserved_items]
    ...    ${there.body}[reserved_items]
    ...    Two instances tell it otherwise (4.8)

A Collection That Is New Is Told At Every Instance
    [Documentation]    4.3 S, 5.3 S, law 6: once one has taken it, beside the same item in the standard one.
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player Who Owns    1 tools/axe
    ${other}    Second Instance
    Read Inventory    ${PLAYER}
    ${code}    Put A Code Into The Catalogue    collection
    What Is New Should Be Taken By
    ...    Add With A Member    ${PLAYER}    items.0.collection    "${code}"    2 tools/axe    at=${other}
    ${answer}    Read Inventory    ${PLAYER}
    VAR    ${told}    ${{ sorted(str(one.get("collection") or "base") for one in $answer.member("items")) }}
    Should Be Equal    ${told}    ${{ ["base", $code] }}    Another instance tells it otherwise (law 6)

What Is Sent Or Asked For In Another Form Is No Failure
    [Documentation]    4.1 S, law 5: it is taken as it is meant, or is a 4xx and writes nothing.
    [Tags]    long
    [Template]    Calls Of Another Form Should Be No Failure
    # the header    what it says
    Content-Type    text/plain
    Content-Type    application/x-www-form-urlencoded
    Content-Type    nonsense
    Content-Type    text/plain; charset
    Content-Type    application/json; charset=nonsense
    Content-Type    ${NONE}
    Accept    application/pdf
    Accept    nonsense

A Method That A Path Does Not Have Is No Failure
    [Documentation]    4.1 S: a 4xx, which one no rule says, or a 501 of a server that does not know the method.
    [Tags]    odd-form
    FOR    ${method}    IN    GET    PUT    DELETE
        FOR    ${call}    IN    add-items    reserve    return-reserve    consume-reserve
            Send    ${method}    /inventory/${call}    to=internal    by=${SERVICE}    expect=4xx|501
        END
    END

What Has Left The Catalogue Is Bad Input And No Failure
    [Documentation]    5.3 H: what was taken a moment ago may be for a while yet.
    [Tags]    hardening    long
    [Setup]    Run Keywords    Require Part    database    disposable data
    ...    AND    Give The Test A Player Who Owns    10 stone
    [Template]    Item That Is Gone Should Be No Failure Of
    # the call
    Add By Id
    Reserve By Id
    Adjust By Id

A Repeat Is Known However Its Body Is Written
    [Documentation]    4.11 H: with its members in another order, and blanks and lines between them.
    [Tags]    hardening
    [Setup]    NONE
    [Template]    Repeat Written Otherwise Should Be Known By
    # the call
    add-items
    reserve
    adjust


*** Keywords ***
Calls Of Another Form Should Be No Failure
    [Documentation]    Fails when a good call is answered by a 5xx for what one of its headers says, or is refused and
    ...    written all the same (4.1, law 5).
    [Arguments]    ${header}    ${says}
    VAR    &{headers}    ${header}=${says}
    FOR    ${call}    IN    add-items    reserve    return-reserve    consume-reserve    reservation
        Send Good Call    ${call}    by=${SERVICE}    headers=${headers}    expect=2xx|4xx
    END
    Send Good Call    read    by=${PLAYER}    headers=${headers}    expect=2xx|4xx
    ${player}    Create Player Who Owns    3 stone
    Add Items    ${player}    1 stone    headers=${headers}    expect=2xx|4xx
    ${answer}    Last Answer
    Inventory Should Be    ${player}    ${{ 3 + ($answer.status == 200) }} stone

Whole Reservation Should End By
    [Documentation]    Fails unless an end that names items ends all that was reserved (4.6, 4.7).
    [Arguments]    ${call}
    ${player}    Create Player Who Owns    20 stone    20 wood
    ${operation}    Reserve    ${player}    2 stone    3 wood
    End And Name Items    ${call}    ${player}    ${operation}    1 stone
    Inventory Should Be    ${player}    section=factory

Each Call Should Take Ids Like
    [Documentation]    Fails unless ids of an operation like this one are taken by each call (4.4 to 4.7).
    [Arguments]    ${id}
    ${player}    Create Player Who Owns    2 stone
    Reserve    ${player}    2 stone    operation_id=${id}
    Reservation Should Be    ${player}    ${id}    active    2 stone
    Return Reserve    ${player}    ${id}
    VAR    ${stem}    ${id[:-1]}
    Add Items    ${player}    1 wood    operation_id=${stem}${{ "b" if $id[-1] == "a" else "a" }}
    VAR    ${last}    ${stem}${{ "d" if $id[-1] == "c" else "c" }}
    Reserve    ${player}    1 stone    operation_id=${last}
    Consume Reserve    ${player}    ${last}

Repeat Written Otherwise Should Be Known By
    [Documentation]    Fails unless a call is answered as before when another client writes its body (4.11).
    [Arguments]    ${call}
    Prepare Bad Calls Of    ${call}
    ${id}    New Id
    VAR    ${GOOD_BODY}    ${{ {**$GOOD_BODY, "operation_id": $id} }}    scope=TEST
    Good Request Should Still Succeed
    ${first}    Last Row Ids
    VAR    ${otherwise}    ${{ json.dumps($GOOD_BODY, indent=1, sort_keys=True) }}
    Send    POST    ${PATH}    to=${TO}    by=${BY}    raw=${otherwise}
    Last Row Ids Should Be    ${first}

Quantity Of Another Name Should Be Missed By
    [Documentation]    Fails unless a line whose quantity is called otherwise is refused, and one that has both names
    ...    is taken (4.1).
    [Arguments]    ${call}    ${name}    ${other}
    Prepare Bad Calls Of    ${call}
    FOR    ${line}    IN    0    1
        VAR    ${good}    ${{ json.dumps($GOOD_BODY["items"][${line}]) }}
        Value Should Be Refused    items.${line}    ${{ $good.replace('"' + $name + '"', '"' + $other + '"') }}
    END
    VAR    ${both}    ${{ json.dumps({**$GOOD_BODY["items"][0], $other: 7}) }}
    Send    POST    ${PATH}    ${GOOD_BODY}    but=${{ ["items.0", $both] }}    to=${TO}    by=${BY}

Item That Is Gone Should Be No Failure Of
    [Documentation]    Fails when a call is answered 5xx that names an item which was in the catalogue before (4.1).
    [Arguments]    ${call}
    ${item}    Put An Item Into The Catalogue    rusty
    TRY
        Wait Until Keyword Succeeds    3 s    100 ms    Item Should Be Known    ${item}
    EXCEPT
        Reserve By Id    ${item}    rusty    expect=400
        Skip    The target keeps its classifiers for a while, as it may (5.3)
    END
    ${other}    Give An Item Another Id    ${item}
    ${calls}    Prepare    5    ${call}    ${item}    rusty
    ${answers}    Send Together    ${calls}
    Each Answer Should Be    ${answers}    200|400
    Add Items    ${PLAYER}    1 wood
    # Where it was taken, its rows have an item again.
    Give An Item Another Id    ${other}    ${item}

Item Should Be Known
    [Documentation]    Fails unless there is too little of an item, instead of no such item (4.5).
    [Arguments]    ${item}
    Reserve By Id    ${item}    rusty    expect=400 insufficient_items

Line That Is No Item Should Be Refused By
    [Documentation]    Fails unless a call is refused when one of its two lines is no item (4.1).
    [Arguments]    ${call}
    Prepare Bad Calls Of    ${call}
    FOR    ${line}    IN    0    1
        VAR    ${item}    ${{ json.dumps($GOOD_BODY["items"][${line}]) }}
        VAR    ${id}    ${{ json.dumps($GOOD_BODY["items"][${line}]["item_id"]) }}
        FOR    ${other}    IN    null    "stone"    [${item}]    [[]]    7    {}    [${id}, 1]    [${id}, null, null, 1]
            Value Should Be Refused    items.${line}    ${other}
        END
    END
    Value Should Be Refused    items    ${item}
    Value Should Be Refused    items    {"0": ${item}}
    Good Request Should Still Succeed

Comment Should Be Kept
    [Documentation]    Fails unless an addition with this comment is taken, and its rows carry it (4.4).
    [Arguments]    ${comment}
    ${operation}    Add Items    ${PLAYER}    1 wood    comment=${comment}
    Operation Should Be Commented    ${PLAYER}    ${operation}    ${comment}

Reason Should Be Taken
    [Documentation]    Fails unless an adjustment for this reason is taken, and the next read and the audit log show it
    ...    (4.9).
    [Arguments]    ${reason}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    +1 stone    reason=${reason}
    VAR    ${word}    of-${{ uuid.uuid4().hex }}
    Adjust Inventory    ${ADMINISTRATOR}    ${PLAYER}    -1 stone    reason=${word} ${reason}
    Inventory Should Be    ${PLAYER}    10 stone
    ${log}    Text Of Audit Log    ${ADMINISTRATOR}    ${PLAYER}
    IF    $log is not None    Audit Log Should Soon Have    ${word}
