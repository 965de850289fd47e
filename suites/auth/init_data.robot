*** Settings ***
Documentation    What Telegram hands to a player's client, in all the forms that it may have (contract 2.2).

Resource         ../../resources/tokens.resource

Test Tags        auth


*** Test Cases ***
Telegram Init Data Of Every Kind Is Accepted When It Is Signed
    [Documentation]    2.2 S: all fields but the hash are signed, known or not, blank or not, in whatever script.
    [Setup]    Require Part    telegram login
    [Template]    Init Data Should Be Refused
    # the answer    what is in it
    200    user.last_name=""
    200    user.username=(missing)
    200    user.last_name=null    user.username=null    user.language_code=null    user.photo_url=null
    200    user.allows_write_to_pm=true    user.added_to_attachment_menu=false    user.colours={"a":[1]}
    200    start_param=
    200    user-agent=web    user2=x    hash2=y    auth_date-ms=1
    200    chat_type=private    chat_instance="-1234567890"
    200    start_param=a=b&c d%20+é
    200    user.first_name=Łukasz "Ω" 狼
    200    user.first_name=😀
    200    user.first_name=***    user.last_name=${{ "ñ狼" * 32 }}    user.photo_url=https://t.me/${{ "é" * 200 }}.svg
    200    user.first_name=${{ "Maximilian-Alexander " * 3 }}
    200    receiver={}    can_send_after=0
    200    receiver={}    chat={"id":-7}    chat_type=group    chat_instance="7"    start_param=x    can_send_after=5
    ...    signature=abc
    200    signature=zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2
    200    user.first_name=Łukasz    after=${{ {"hash": "FIRST"} }}
    200    after=${{ {"hash": "FIRST", "auth_date": "FIRST"} }}
    200    after=${{ {"user": "FIRST"} }}
    200    auth_date=now - 86000
    200    auth_date=now
    200    auth_date=now + 5
    200    query_id=(missing)
    200    user.language_code=zh-hans
    200|4xx    user.last_name="a\\u0000b"
    200|4xx    user.username="a\\ud83d"    user.photo_url="\\u0000"
    200    user.is_premium=true    user.language_code=de    user.photo_url=https://t.me/i/userpic/320/x.svg

A Login By Telegram Minds Neither A Body Nor How Its Header Is Written
    [Documentation]    2.2 S: all that counts is in the header. Clients name a type for a body that they do not send, or
    ...    send one with nothing in it, and what stands between may write names of headers in small letters.
    [Setup]    Require Part    telegram login
    [Template]    Login Should Be Let In With
    # the type of the body    the body    the header's name
    application/json    ${NONE}
    application/json    {}
    application/x-www-form-urlencoded    ${EMPTY}
    ${NONE}    ${NONE}    x-telegram-init-data

Names Are Told As Telegram Told Them
    [Documentation]    2.2 S: in whatever script, with or without escapes in the JSON of the user.
    [Setup]    Require Part    telegram login
    [Template]    Names Should Be Told
    # first name    user name    the form of the JSON
    Łukasz "Ω" 狼    lukasz_狼    as it is
    Łukasz "Ω" 狼    lukasz_狼    escaped

What Telegram Says Of A User Is Kept
    [Documentation]    2.2 S, section 2: each member in the column of auth.users that has its name.
    [Setup]    Require Part    telegram login    database
    [Template]    Profile Should Be Kept
    # what is in it
    user.last_name=Kowalski    user.language_code=pl    user.photo_url=https://t.me/i/userpic/320/x.svg
    user.is_premium=true    user.language_code=lv

A User Is Whom The Member Names In Its Own Letters
    [Documentation]    2.2 S: what is called otherwise is another member, which nobody has to look at.
    ${id}    New Telegram Id
    ${other}    New Telegram Id
    ${data}    Init Data    ${id}    user.ID=${other}    user.First_Name=Somebody Else
    ${answer}    Send Init Data    ${data}    expect=200|401
    VAR    ${told}    ${{ $answer.body["user"]["telegram_id"] if $answer.status == 200 else $id }}
    Should Be Equal As Strings    ${told}    ${id}    The user's ID was taken for the id (2.2)


*** Keywords ***
Login Should Be Let In With
    [Documentation]    Fails unless a good login by Telegram is let in that is sent so (2.2).
    [Arguments]    ${type}    ${body}    ${name}=X-Telegram-Init-Data
    ${data}    Init Data
    VAR    &{headers}    Content-Type=${type}
    Send Init Data    ${data}    headers=${headers}    name=${name}    raw=${body}

Profile Should Be Kept
    [Documentation]    Fails unless auth.users holds what the init data of a login says (2.2).
    [Arguments]    &{changes}
    ${id}    New Telegram Id
    ${data}    Init Data    ${id}    user.first_name=Jan    user.username=jan_${id}    &{changes}
    Send Init Data    ${data}
    ${row}    Row Of User    ${id}
    VAR    &{wanted}    user.first_name=Jan    user.username=jan_${id}    &{changes}
    FOR    ${name}    ${value}    IN    &{wanted}
        VAR    ${column}    ${{ $name.removeprefix("user.") }}
        Should Be Equal As Strings
        ...    ${{ $row.get($column) }}
        ...    ${value}
        ...    ${column} of auth.users (2.2)
        ...    ignore_case=True
    END

Names Should Be Told
    [Documentation]    Fails unless logins by Telegram answer the names that are in their init data (2.2), of a user who
    ...    is new and of one who is known.
    [Arguments]    ${first}    ${username}    ${form}
    ${id}    New Telegram Id
    VAR    ${user}    ${{ {"id": $id, "first_name": $first, "username": $username} }}
    VAR    ${text}    ${{ json.dumps($user, ensure_ascii=$form == "escaped") }}
    ${data}    Init Data    ${id}    user=${text}
    FOR    ${which}    IN    first    second
        ${answer}    Send Init Data    ${data}
        Should Be Equal    ${answer.body}[user][first_name]    ${first}    The ${which} login tells another first name
        Should Be Equal    ${answer.body}[user][username]    ${username}    The ${which} login tells another user name
    END
