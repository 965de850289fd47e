"""Calls, answers, and many calls at once, against a small server."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import replace
from typing import Any

import pytest

from history.laws import Written
from libraries.calls import evidence, keywords, together
from libraries.calls.keywords import CallKeywords
from libraries.calls.sending import Client, prepared
from libraries.tokens.token import Player, Token
from reporting import pictures, redaction
from reporting.answers import Answer, Call, problem_with
from reporting.forms import differences, is_uuid
from tests.libraries.conftest import Stub

USER = "11111111-1111-4111-8111-111111111111"
ROW = "22222222-2222-4222-8222-222222222222"
TOKEN = Token("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl")


@pytest.fixture(autouse=True)
def fresh_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "current", evidence.Record())
    monkeypatch.setattr(evidence, "journal", {})
    monkeypatch.setattr(evidence, "path_of_description", None)
    monkeypatch.setattr(together, "client", lambda: Client(5))


def call(stub: Stub, path: str = "/add", **more: Any) -> Call:
    body = {"user_id": USER, "operation_id": ROW, "comment": "hi"}
    return replace(Call("POST", stub.url + path, TOKEN, body, writes="chest_reward"), **more)


def answer(body: Any, status: int | None = 200, **more: Any) -> Answer:
    return Answer(Call("GET", "http://h/x"), "r", status, json.dumps(body).encode(), {}, 0, 1, **more)


# -- one call ----------------------------------------------------------------------------------------------------------


def test_an_expected_answer_is_returned_and_noted(stub: Stub) -> None:
    stub.answers["/add"] = (200, {"operation_ids": [ROW]})
    found = Client(5).send(call(stub))
    assert (found.status, found.body["operation_ids"], found.error) == (200, [ROW], None)
    path, headers, body = stub.asked[0]
    assert (path, headers["authorization"]) == ("/add", f"Bearer {TOKEN.value}")
    assert headers["x-request-id"] == found.request_id == f"{evidence.current.prefix}.1"
    assert json.loads(body)["comment"] == "hi"
    assert evidence.journal[USER] == [Written(USER, ROW, "chest_reward", 200, (ROW,))]
    assert evidence.current.last is found


def test_what_writes_nothing_is_not_in_the_journal(stub: Stub) -> None:
    Client(5).send(call(stub, writes=None))
    assert evidence.journal == {}


def test_an_unexpected_status_fails_and_tells_no_token(stub: Stub) -> None:
    stub.answers["/add"] = (400, {"error": "operation_conflict", "message": f"no {TOKEN.value}"})
    with pytest.raises(AssertionError) as raised:
        Client(5).send(call(stub))
    message = str(raised.value)
    assert message.startswith("POST /add answered 400 operation_conflict, expected 200: ")
    assert TOKEN.value.split(".")[1] not in message
    assert TOKEN.value.split(".")[1] not in evidence.current.last.details()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("expected", "fits"),
    [
        ("409 operation_conflict", True), ("409 something_else|operation_conflict", True), ("409", True),
        ("404|409", True), ("4xx", True), ("400 operation_conflict", False), ("409 something_else", False),
        ("5xx", False), ("200", False), ("4xx something_else", False),
    ],
)  # fmt: skip
def test_refusals_are_expected_by_status_and_code(expected: str, fits: bool) -> None:
    found = problem_with(answer({"error": "operation_conflict"}, 409), expected)
    assert (found is None) is fits
    if found:
        assert found.startswith(f"GET /x answered 409 operation_conflict, expected {expected}: ")


def test_no_answer_at_all_is_told() -> None:
    with pytest.raises(AssertionError, match=r"GET /x answered no answer \(ConnectionError"):
        Client(1).send(Call("GET", "http://127.0.0.1:9/x"))


def test_no_answer_is_none_of_the_expected() -> None:
    for expected in ("200", "4xx", "5xx"):
        assert problem_with(answer(None, None, failure="it broke off"), expected) is not None


def test_answer_that_breaks_off_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_half() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.close()

        threading.Thread(target=answer_half, daemon=True).start()
        found = Client(5).exchange(Call("GET", f"http://127.0.0.1:{server.getsockname()[1]}/x"))
    assert found.status is None
    assert "IncompleteRead" in str(found.failure)


def test_raw_bodies_and_addresses_are_sent_to_the_letter(stub: Stub) -> None:
    Client(5).exchange(Call("POST", f"{stub.url}/a%2F..//b?c=%00", raw=b"{"))
    assert (stub.asked[0][0], stub.asked[0][2]) == ("/a%2F..//b?c=%00", b"{")


def test_headers_are_added_replaced_and_left_out() -> None:
    extra = {"X-Request-ID": None, "Authorization": "Basic x", "X-More": "1"}
    sent = prepared(Call("POST", "http://h/x", TOKEN, headers=extra), "id").headers
    assert (sent["authorization"], sent["x-more"], sent["content-length"]) == ("Basic x", "1", "0")
    assert "x-request-id" not in sent
    assert "content-type" not in sent


# -- the answer --------------------------------------------------------------------------------------------------------


def test_members_are_found_or_named() -> None:
    assert answer({"user": {"id": 5}}).member("user.id") == 5
    bodies: list[Any] = [{"user": {}}, {"user": None}, [], None]
    for body in bodies:
        with pytest.raises(AssertionError, match=r"GET /x answered 200 without user\.id"):
            answer(body).member("user.id")


def test_bodies_have_the_wanted_form() -> None:
    body = {"items": [{"id": USER, "count": 1}], "success": True, "note": "n"}
    assert differences(body, ["items.*.id uuid", "items.*.count count", "items.*.more? text", "success true"]) == []
    assert differences(body, ["secret absent", "note text", "items list"]) == []


@pytest.mark.parametrize(
    ("body", "wanted", "problem"),
    [
        ({"items": {}}, "items.*.id uuid", "items is no list"),
        ([], "items.*.id uuid", "the body is no object"),
        ({"items": [{"id": USER}, {}]}, "items.*.id uuid", "items[1].id is missing"),
        ({"items": [5]}, "items.*.id uuid", "items[0] is no object"),
        ({"id": "{" + USER + "}"}, "id uuid", "is {11111111-1111-4111-8111-111111111111}, not a UUID"),
        ({"a": 0}, "a count", "a is 0, not a whole number above zero"),
        ({"a": True}, "a count", "not a whole number above zero"),
        ({"a": -1}, "a balance", "not a whole number of zero or more"),
        ({"a": 1.0}, "a whole", "not a whole number"),
        ({"a": ""}, "a text", "not text"),
        ({"a": 1}, "a true", "a is 1, not true"),
        ({"a": 1}, "a absent", "a is 1, not absent"),
        ({"a": None}, "a object", "not an object"),
        ({"a": 5}, "a? text", "a is 5, not text"),
    ],
)
def test_differences_from_the_wanted_form_are_named(body: Any, wanted: str, problem: str) -> None:
    (found,) = differences(body, [wanted])
    assert problem in found
    with pytest.raises(AssertionError, match="GET /x answered 200, but "):
        CallKeywords().answer_should_have(answer(body), wanted)


def test_bodies_are_changed_without_a_trace_in_the_good_one(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keywords, "client", lambda: Client(5))
    good = {"items": [{"quantity": 1}]}
    CallKeywords().send("POST", "/add", good, to=stub.url, but=["items.0.quantity", "null"])
    assert json.loads(stub.asked[0][2]) == {"items": [{"quantity": None}]}
    assert good == {"items": [{"quantity": 1}]}


def test_a_new_login_ends_the_earlier_one() -> None:
    words = CallKeywords()
    told = {"user": {"id": USER, "is_new_user": True}, "token": "first"}
    first = words.player_of(answer(told), 5)
    second = words.player_of(answer(told | {"token": "second"}), 5)
    assert evidence.ended_tokens >= {"first"}
    assert second is not None
    assert evidence.current.players[USER] == second
    words.forget_player(second)
    assert USER not in evidence.current.players
    assert first == Player(USER, 5, Token("first"))


# -- many at one instant -----------------------------------------------------------------------------------------------


def test_calls_sent_together_are_counted(stub: Stub) -> None:
    stub.answers["/busy"] = (429, {"error": "busy", "message": "m"})
    found = together.send_all([*[call(stub)] * 20, *[call(stub, "/busy", writes=None)] * 5])
    assert together.tally_in_words(found) == "20 x 200, 5 x 429 busy"
    assert (together.counted(found, "200"), together.counted(found, "busy")) == (20, 5)
    assert len({one.request_id for one in found}) == 25
    assert len(evidence.journal[USER]) == 20
    words = CallKeywords()
    words.answers_should_be(found, **{"200": 20, "busy": 5})
    for wrong in ({"200": 19, "busy": 6}, {"200": 20}, {"200": 20, "busy": 4, "429": 1}):
        with pytest.raises(AssertionError, match="25 calls together were answered 20 x 200, 5 x 429 busy; expected"):
            words.answers_should_be(found, **wrong)
    words.each_answer_should_be(found, "200|429")
    with pytest.raises(AssertionError, match="5 of 25 calls together: POST /busy answered 429 busy, expected 200"):
        words.each_answer_should_be(found, "200")


def test_one_who_cannot_connect_keeps_nobody_waiting(stub: Stub) -> None:
    refused, fine = together.send_all([Call("GET", "http://127.0.0.1:9/"), Call("GET", f"{stub.url}/x")])
    assert refused.status is None
    assert "refused" in str(refused.failure)
    assert fine.status == 200


@pytest.mark.parametrize("status", [None, 500, 503])
def test_calls_together_may_not_fail(status: int | None) -> None:
    with pytest.raises(AssertionError, match="1 of 2 calls at once failed"):
        CallKeywords().judged([answer({}), answer({}, status)])


def test_overlap_is_told_from_times() -> None:
    assert together.most_at_once([(0, 1), (1, 2)]) == 1
    assert together.most_at_once([(0, 3), (1, 2), (1.5, 4)]) == 3
    assert together.most_at_once([]) == 0
    apart = [replace(answer({}), started=n, ended=n + 0.5) for n in range(3)]
    with pytest.raises(AssertionError, match="at most 1 requests were under way at once, 2 are needed"):
        CallKeywords().requests_should_have_overlapped(apart)


def test_copies_of_a_call_get_ids_of_their_own() -> None:
    made = Call("POST", "http://h/x", body={"operation_id": ROW, "user_id": USER})
    one, two = (together.copy_of(made, [ROW]) for _ in range(2))
    assert one.body["user_id"] == two.body["user_id"] == USER
    assert len({one.body["operation_id"], two.body["operation_id"], ROW}) == 3


def test_groups_take_turns(stub: Stub) -> None:
    a, b = call(stub, "/a"), call(stub, "/b")
    assert together.in_turns([[a, a, a], [b]]) == [a, b, a, a]


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_tokens_keys_and_known_secrets_are_hidden() -> None:
    pem = "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----"
    redaction.remember_secret("correct-horse-battery")
    shown = redaction.redact(f"Bearer {TOKEN.value} {pem} correct-horse-battery hash={'a' * 64} host.example.org")
    assert shown == "Bearer <hidden> <hidden> <hidden> hash=<hidden> host.example.org"
    assert "eyJ" not in redaction.redact(TOKEN.value[:30])


def test_short_secrets_do_not_garble_texts() -> None:
    redaction.remember_secret("password")
    assert redaction.redact("the password field") == "the password field"


def test_members_with_telling_names_are_hidden_and_texts_are_cut() -> None:
    value = {"token": "x", "list": [{"Password": "y", "name": "z"}]}
    assert redaction.redact_value(value) == {"token": "<hidden>", "list": [{"Password": "<hidden>", "name": "z"}]}
    assert redaction.show(None) == ""
    assert redaction.show({"a": "b" * 50}, 10) == '{"a": "bbb… (59 characters)'


def test_a_path_in_a_message_has_no_token_and_an_end() -> None:
    assert str(Call("GET", f"http://h/{TOKEN.value}?q=1")) == "GET /<hidden>"
    assert len(str(Call("GET", "http://h/" + "a" * 9000))) < 300


def test_tables_and_pictures_escape_and_end() -> None:
    shown = pictures.table(("a<b",), [("<x>",)] * 203)
    assert "a&lt;b" in shown
    assert shown.count("&lt;x&gt;") == 200
    assert "and 3 more" in shown
    drawn = pictures.timeline([answer({"error": "<no>"}, 400), answer({})])
    assert "<no>" not in drawn
    assert "2 calls within" in drawn


def test_log_lines_are_shown_whole_or_in_columns() -> None:
    shown = pictures.lines_table([("auth", '{"message": "hi", "extra": 5, "service": "auth"}'), ("pg", "no JSON")])
    assert "hi {&quot;extra&quot;: 5}" in shown
    assert "no JSON" in shown


def test_log_lines_of_other_loggers_fill_the_columns_too() -> None:
    line = {"message": "answered", "context": {"path": "/inventory", "status": 500}, "level": 250}
    shown = pictures.lines_table([("php", json.dumps({**line, "level_name": "NOTICE", "datetime": "2026-11-29"}))])
    assert "<td>2026-11-29</td><td>NOTICE</td><td></td><td>/inventory</td><td>500</td>" in shown


def test_lines_of_unexpected_answers_are_shown_first() -> None:
    found = [("one", f"request ab.{number} was answered") for number in range(1, 101)]
    shown = evidence.most_telling(found, {"ab.7"})
    assert [line.split()[1] for _, line in shown] == ["ab.7", *(f"ab.{number}" for number in range(62, 101))]
    shown = evidence.most_telling(found, {f"ab.{number}" for number in range(1, 61)})
    assert [line.split()[1] for _, line in shown] == [f"ab.{number}" for number in (*range(1, 21), *range(41, 61))]
    assert evidence.most_telling(found[:3], ()) == found[:3]


def test_uuids_have_their_usual_form() -> None:
    assert is_uuid(USER)
    for wrong in (USER.replace("-", ""), "urn:uuid:" + USER, USER + "-", USER[:-1] + "g", 5, None):
        assert not is_uuid(wrong)
