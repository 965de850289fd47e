"""Calls, answers, and many calls at once, against a small server."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from libraries import calls, client, concurrency, evidence, shapes
from libraries.calls import Call
from libraries.client import Answer, Client
from libraries.concurrency import ConcurrencyKeywords, counted, most_at_once, send_all, tally_in_words
from libraries.signing import Signer
from libraries.target import Instance
from libraries.tokens import Token, claims_for
from tests.libraries.conftest import Stub

USER = "11111111-1111-4111-8111-111111111111"
ROW = "22222222-2222-4222-8222-222222222222"


@pytest.fixture(autouse=True)
def fresh_record() -> None:
    evidence.begin("a test")
    evidence.journal.clear()


@pytest.fixture
def token() -> Token:
    return Signer.stranger("k").sign(claims_for(USER, 1, []))


def add(stub: Stub, token: Token | None = None) -> Call:
    at = Instance("i", stub.url, stub.url, f"{stub.url}/admin/inventory")
    return calls.add_items(at, token, USER, [{"item_id": ROW, "quantity": 1}], "main", "chest_reward", None, "hi")


def test_an_expected_answer_is_returned_and_noted(stub: Stub, token: Token) -> None:
    stub.answers["/inventory/add-items"] = (200, {"success": True, "operation_ids": [ROW]})
    call = add(stub, token)
    answer = Client(5).send(call)
    assert (answer.status, answer.body["operation_ids"], answer.error) == (200, [ROW], None)
    path, headers, body = stub.asked[0]
    assert (path, headers["authorization"]) == ("/inventory/add-items", f"Bearer {token.value}")
    assert headers["x-request-id"] == answer.request_id == f"{evidence.current.prefix}.1"
    assert json.loads(body)["comment"] == "hi"
    assert evidence.journal[USER][0].row_ids == (ROW,)
    assert evidence.current.last is answer


def test_an_unexpected_status_fails_and_tells_everything_but_the_token(stub: Stub, token: Token) -> None:
    stub.answers["/inventory/add-items"] = (400, {"error": "operation_conflict", "message": f"no {token.value}"})
    with pytest.raises(AssertionError) as raised:
        Client(5).send(add(stub, token))
    message = str(raised.value)
    assert message.startswith("POST /inventory/add-items answered 400 operation_conflict, expected 200\n")
    assert '"comment": "hi"' in message
    assert token.value.split(".")[1] not in message


@pytest.mark.parametrize(
    ("expected", "problem"),
    [
        ("409 operation_conflict", None),
        ("409 something_else|operation_conflict", None),
        ("409", None),
        ("400 operation_conflict", "answered 409 operation_conflict, expected 400 operation_conflict"),
        ("409 something_else", "answered 409 operation_conflict, expected 409 something_else"),
    ],
)
def test_refusals_are_expected_by_status_and_code(stub: Stub, expected: str, problem: str | None) -> None:
    stub.answers["/inventory/add-items"] = (409, {"error": "operation_conflict", "message": "m"})
    found = client.problem_with(Client(5).exchange(add(stub)), expected)
    assert found == (problem and f"POST /inventory/add-items {problem}")


def test_answers_must_have_their_shape(stub: Stub) -> None:
    sender = Client(5)
    stub.answers["/inventory/add-items"] = (200, {"success": True})
    assert "lacks operation_ids" in str(client.problem_with(sender.exchange(add(stub)), "200"))
    stub.answers["/inventory/add-items"] = (413, b"<html>")
    assert "the answer is no object" in str(client.problem_with(sender.exchange(add(stub)), "413"))


def test_no_answer_at_all_is_told() -> None:
    call = Call("GET", "http://127.0.0.1:9/inventory", "/inventory")
    answer = Client(1).exchange(call)
    assert answer.status is None
    with pytest.raises(AssertionError, match=r"GET /inventory answered no answer \(ConnectionError"):
        client.require(answer, "200")


def test_raw_bodies_are_sent_as_they_are(stub: Stub) -> None:
    Client(5).exchange(Call("POST", f"{stub.url}/x", "/x", raw=b"{"))
    assert stub.asked[0][2] == b"{"


def test_every_call_of_the_contract_has_its_path() -> None:
    at = Instance("i", "http://p/api", "http://i/api", "http://i/api/inventory/admin")
    item = {"item_id": ROW, "quantity": -2}
    built = [
        calls.read_inventory(at, None, "trade"), calls.reserve(at, None, USER, [item], "o"),
        calls.return_reserve(at, None, USER, "o"), calls.consume_reserve(at, None, USER, "o"),
        calls.read_reservation(at, None, "o"), calls.adjust(at, None, USER, [item], "main", "because"),
        calls.read_audit(at, None, USER), calls.dev_login("http://a", 1, "n"), calls.telegram_login("http://a", "d"),
        calls.auth_call("http://a", "/jwks"),
    ]  # fmt: skip
    assert [call.url for call in built] == [
        "http://p/api/inventory?section=trade", "http://i/api/inventory/reserve", "http://i/api/inventory/return-reserve",
        "http://i/api/inventory/consume-reserve", "http://i/api/inventory/reservation/o",
        "http://i/api/inventory/admin/adjust", f"http://i/api/inventory/admin/audit?user_id={USER}",
        "http://a/auth/login", "http://a/auth", "http://a/jwks",
    ]  # fmt: skip
    assert built[5].body["items"] == [{"item_id": ROW, "quantity_change": -2}]
    assert built[1].user_id == USER


def test_calls_sent_together_overlap_and_are_counted(stub: Stub) -> None:
    stub.answers["/inventory/add-items"] = (200, {"success": True, "operation_ids": [ROW]})
    stub.answers["/busy"] = (429, {"error": "busy", "message": "m"})
    prepared = [add(stub) for _ in range(20)] + [Call("GET", f"{stub.url}/busy", "/busy")] * 5
    answers = send_all(prepared, 10)
    assert tally_in_words(answers) == "20 x 200, 5 x 429 busy"
    assert (counted(answers, "200"), counted(answers, "busy")) == (20, 5)
    assert len({answer.request_id for answer in answers}) == 25
    keywords = ConcurrencyKeywords()
    keywords.answers_should_be(answers, **{"200": 20, "busy": 5})
    with pytest.raises(AssertionError, match="expected 19 x 200, 6 x busy"):
        keywords.answers_should_be(answers, **{"200": 19, "busy": 6})


def test_one_who_cannot_connect_keeps_nobody_waiting(stub: Stub) -> None:
    prepared = [Call("GET", "http://127.0.0.1:9/", "/"), Call("GET", f"{stub.url}/x", "/x")]
    refused, fine = send_all(prepared, 5)
    assert refused.status is None
    assert "refused" in str(refused.failure)
    assert fine.status == 200


def test_overlap_is_told_from_times() -> None:
    assert most_at_once([(0, 1), (1, 2)]) == 1
    assert most_at_once([(0, 3), (1, 2), (1.5, 4)]) == 3
    assert most_at_once([]) == 0
    apart = [Answer(Call("GET", "u", "/"), "r", 200, b"{}", {}, n, n + 0.5) for n in range(3)]
    with pytest.raises(AssertionError, match="at most 1 requests were under way at once, 2 are needed"):
        concurrency.ConcurrencyKeywords().requests_should_have_overlapped(apart)


def test_shape_of_answers_sent_together_is_checked() -> None:
    call = Call("GET", "u", "/inventory", shape=shapes.INVENTORY)
    answers = [Answer(call, "r", 200, b'{"items": 5}', {}, 0, 1)]
    with pytest.raises(AssertionError, match=r"the answer\.items is no list"):
        ConcurrencyKeywords().answers_should_be(answers, **{"200": 1})


def test_answer_that_breaks_off_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_half() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.close()

        threading.Thread(target=answer_half, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        answer = Client(5).exchange(Call("GET", url, "/x"))
    assert answer.status is None
    assert "IncompleteRead" in str(answer.failure)
