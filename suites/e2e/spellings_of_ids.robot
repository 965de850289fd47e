*** Settings ***
Documentation    One id in the forms that clients give it and languages take: in capitals, without hyphens, in
...              braces, as a URN (contract 4.1 to 4.9). Where a form is taken, it names the same; what has a letter
...              more is no form.

Resource         ../../resources/contests.resource
Resource         ../../resources/ledger.resource
Resource         ../../resources/validation.resource
Resource         ../../resources/variants.resource

Suite Setup      Share One Administrator
Test Teardown    Ledger Laws Should Hold For This Test

Test Tags        e2e


*** Test Cases ***
An Id In Capitals Is The Same Id
    [Documentation]    4.4 S, 4.5 S, 4.6 S, 4.9 S, law 1: where one is taken, it names the same player.
    [Setup]    Give The Test A Player Who Owns    10 stone
    ${spelled}    Spelled Player    ${PLAYER}    in capitals
    Add Items If The Spelling Is Taken    ${spelled}    2 stone
    ${returned}    Reserve    ${spelled}    12 stone
    Reserve    ${PLAYER}    1 stone    expect=400 insufficient_items
    Return By Capitals    ${spelled}    ${returned}
    Adjust Inventory    ${ADMINISTRATOR}    ${spelled}    -3 stone
    ${consumed}    Reserve    ${PLAYER}    9 stone
    Consume Reserve    ${spelled}    ${consumed}
    Inventory Should Be    ${PLAYER}
    Inventory Should Be    ${PLAYER}    section=factory

An Id With Anything Around It Is None
    [Documentation]    4.1 S: no character before or behind, of the first and the last of a body's ids. One with a
    ...    blank or a line's end beside it may be read as an id, but is no failure.
    [Tags]    long    odd-form
    [Template]    Ids With Something Around Them Should Be Refused By
    # the call    the ids in its body
    add-items    user_id    items.0.item_id    items.1.item_id
    reserve    user_id    items.0.item_id    items.1.item_id
    return-reserve    user_id
    consume-reserve    user_id
    adjust    user_id    items.0.item_id    items.1.item_id

An Operation's Id With A Line's End Is No Failure
    [Documentation]    4.1 S: in a body, where of its form only hardening speaks.
    [Template]    Operation's Id With Something Around It Should Be No Failure Of
    # the call
    add-items
    reserve

An Operation's Id With Anything Around It Is None
    [Documentation]    4.8 H, 4.11 H, 4.1 S: one character before and one behind; of an adjustment it may be missing.
    [Tags]    hardening
    [Template]    Ids With Something Around Them Should Be Refused By
    # the call    the id in its body
    add-items    operation_id
    reserve    operation_id
    return-reserve    operation_id
    consume-reserve    operation_id
    adjust    operation_id

An Item Is One However Its Id Is Spelled
    [Documentation]    4.5 S, 4.9 S, law 2: such a line names the same item, or is refused.
    [Template]    Item Should Be One Though Its Id Is Spelled
    # how
    in capitals
    without hyphens
    in braces
    as a URN

A Write That Spells The Player Otherwise Is In The Next Read
    [Documentation]    Law 6, 4.4 S, 4.5 S, 4.9 S: whatever was read before, and may be cached under the usual spelling.
    [Setup]    Require Part    database    disposable data
    [Template]    Write Should Be In The Next Read Though The Player Is Spelled
    # how
    in capitals
    without hyphens
    in braces
    as a URN

Calls That Spell A Player Differently Wait For One Another
    [Documentation]    Law 2, law 7: of all that there is, at one instant, half of them with the id in another form.
    [Tags]    concurrency    long
    [Template]    Calls Should Wait Though The Player Is Spelled
    # how
    in capitals
    without hyphens
    in braces
    as a URN

The Id Of Nothing Names Nothing
    [Documentation]    4.6 S, 4.7 S, 4.8 S: zeros alone, which languages have where no id is, are no reservation's id
    ...    and no player's.
    [Setup]    Give The Test A Player Who Owns    10 stone
    VAR    ${nothing}    ${{ str(uuid.UUID(int=0)) }}
    VAR    ${nobody}    ${{ dataclasses.replace($PLAYER, user_id=$nothing) }}
    ${one}    Reserve    ${PLAYER}    2 stone
    ${other}    Reserve    ${PLAYER}    3 stone
    FOR    ${end}    IN    Return Reserve    Consume Reserve
        Run Keyword    ${end}    ${PLAYER}    ${nothing}    expect=400|404
        Run Keyword    ${end}    ${nobody}    ${one}    expect=400|404
    END
    Read Reservation    ${nothing}    expect=400|404
    Reservation Should Be    ${PLAYER}    ${one}    active    2 stone
    Return Reserve    ${PLAYER}    ${one}
    Reservation Should Be    ${PLAYER}    ${other}    active    3 stone

A Repeat Is Known Under Its Id In Capitals
    [Documentation]    4.11 H: or is refused.
    [Tags]    hardening
    [Template]    Repeat In Capitals Should Write Nothing
    # the call    what it does    in main afterwards
    Add Items    7 stone    27 stone
    Reserve    7 stone    13 stone
    Adjust Inventory    -7 stone    13 stone

The UUID Of Nothing Is An Operation Id Too
    [Documentation]    4.11 H, 4.4 S, 4.5 S: whoever came first with it, a call is repeated like any other, or refused.
    [Tags]    hardening
    [Template]    Call Under The UUID Of Nothing Should Be Repeated Or Refused
    Add Items
    Reserve


*** Keywords ***
Return By Capitals
    [Documentation]    Return a reservation by its id in capitals, or else as it is: of an operation's id only hardening
    ...    says of what form it is (4.6, 4.8).
    [Arguments]    ${player}    ${operation}
    Return Reserve    ${player}    ${operation.upper()}    expect=200|404
    ${answer}    Last Answer
    IF    ${answer.status} == 404
        Return Reserve    ${player}    ${operation}
        # It is another operation there.
        VAR    ${one}    ${{ dataclasses.replace($player, user_id=$player.user_id.lower()) }}
        Leave Out Of Histories    ${one}
    END

Ids With Something Around Them Should Be Refused By
    [Documentation]    Fails unless a call is refused for an id with something around it, and taken as it is (4.1).
    [Arguments]    ${call}    @{members}
    Prepare Bad Calls Of    ${call}
    FOR    ${member}    IN    @{members}
        Blanks Around An Id Should Be No Failure    ${call}    ${member}
        ${id}    Good Id    ${member}
        VAR    ${expect}    ${{ "400|404" if $member == "user_id" and $call.endswith("-reserve") else 400 }}
        Value Should Be Refused    ${member}    "x${id}y"    ${expect}
        Value Should Be Refused    ${member}    "${id}0"    ${expect}
    END
    Good Request Should Still Succeed

Good Id
    [Documentation]    The id that a member of the good request has, or a new one where it may be missing (4.1).
    [Arguments]    ${member}
    VAR    ${one}    ${{ $GOOD_BODY["items"][int($member[6])] if "." in $member else $GOOD_BODY }}
    RETURN    ${{ $one.get($member.split(".")[-1], str(uuid.uuid4())) }}

Blanks Around An Id Should Be No Failure
    [Documentation]    Fails when a call is answered 5xx that has an id with a line's end behind it, or a blank before.
    ...    Where it is taken, another call is made ready (4.1).
    [Arguments]    ${call}    ${member}
    FOR    ${form}    IN    "{}\\n"    " {}"
        ${id}    Good Id    ${member}
        Value Should Be Refused    ${member}    ${{ $form.format($id) }}    200|4xx
        ${answer}    Last Answer
        IF    ${answer.status} == 200    Prepare Bad Calls Of    ${call}
    END

Operation's Id With Something Around It Should Be No Failure Of
    [Documentation]    Fails when a call is answered 5xx whose operation id has a blank or a line's end beside it (4.1).
    [Arguments]    ${call}
    Prepare Bad Calls Of    ${call}
    Blanks Around An Id Should Be No Failure    ${call}    operation_id
    Good Request Should Still Succeed

Item Should Be One Though Its Id Is Spelled
    [Documentation]    Fails when two lines of one item, one of them spelled so, take more together than there is
    ...    (law 2).
    [Arguments]    ${how}
    ${player}    Create Player Who Owns    20 stone
    VAR    @{items}    1 stone
    ${body}    Body    ${items}
    ${id}    Spelled    ${body}[items][0][item_id]    ${how}
    VAR    @{spelled}    items.1.item_id    "${id}"
    Reserve    ${player}    12 stone    12 stone    but=${spelled}    expect=4xx
    Adjust Inventory    ${ADMINISTRATOR}    ${player}    -12 stone    -12 stone    but=${spelled}    expect=4xx
    Inventory Should Be    ${player}    20 stone
    Reserve    ${player}    12 stone    8 stone

Write Should Be In The Next Read Though The Player Is Spelled
    [Documentation]    Fails unless reads under the usual spelling show what was written under another (law 6).
    [Arguments]    ${how}
    ${player}    Create Player With History    3 days ago: 20 stone
    ${spelled}    Spelled Player    ${player}    ${how}
    Repeat Keyword    2 times    Read All Sections    ${player}
    Add Items If The Spelling Is Taken    ${spelled}    2 stone
    Inventory Should Be    ${player}    22 stone
    Reserve    ${spelled}    12 stone
    Inventory Should Be    ${player}    12 stone    section=factory
    Inventory Should Be    ${player}    10 stone
    Adjust Inventory    ${ADMINISTRATOR}    ${spelled}    -3 stone
    Inventory Should Be    ${player}    7 stone

Calls Should Wait Though The Player Is Spelled
    [Documentation]    Fails unless of calls that each take all, in two spellings at one instant, one is given it
    ...    (law 2).
    [Arguments]    ${how}
    ${player}    Create Player Who Owns    10 stone
    ${spelled}    Spelled Player    ${player}    ${how}
    ${usual}    Prepare    8    Reserve    ${player}    10 stone
    ${others}    Prepare    8    Reserve    ${spelled}    10 stone
    ${answers}    Race    ${usual}    ${others}
    VAR    ${taken}    ${{ [answer.status for answer in $answers].count(200) }}
    Should Be Equal As Integers    ${taken}    1    10 stone were reserved ${taken} times, by 10 each (law 2)
    Each Answer Should Be    ${answers}    200|4xx
    Inventory Should Be    ${player}    10 stone    section=factory

Repeat In Capitals Should Write Nothing
    [Documentation]    Fails unless a call is done once that is sent again with its operation id in capitals (4.11).
    [Arguments]    ${call}    ${item}    ${left}
    ${player}    Create Player Who Owns    20 stone
    ${id}    New Id
    VAR    @{who}    @{{ [$ADMINISTRATOR, $player] if $call == "Adjust Inventory" else [$player] }}
    Run Keyword    ${call}    @{who}    ${item}    operation_id=${id}
    Run Keyword    ${call}    @{who}    ${item}    operation_id=${id.upper()}    expect=200|400
    Inventory Should Be    ${player}    ${left}

Call Under The UUID Of Nothing Should Be Repeated Or Refused
    [Documentation]    Fails unless the second of two such calls of a player is answered like the first (4.11).
    [Arguments]    ${call}
    ${player}    Create Player Who Owns    10 stone
    VAR    &{how}    operation_id=00000000-0000-0000-0000-000000000000
    Run Keyword    ${call}    ${player}    1 stone    &{how}    expect=200|4xx
    ${first}    Last Answer
    Run Keyword    ${call}    ${player}    1 stone    &{how}    expect=${{ "200" if $first.status == 200 else "4xx" }}
    ${again}    Last Answer
    IF    $first.status == 200
        Should Be Equal    ${again.body}[operation_ids]    ${first.body}[operation_ids]
        ...    A repeat is answered with the first answer's rows (4.11)
    END
