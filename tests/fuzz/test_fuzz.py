"""What the fuzzer sends, and how it reads what came back."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from fuzz import raw
from fuzz.described import Exchange, Findings, _problems
from fuzz.keywords import FuzzKeywords, _problem_with, outcomes

ID = "5b1f0a44-93ae-4a6f-8f63-0c1f3c0d8f11"
REFUSED = b'HTTP/1.1 400 Bad Request\r\n\r\n{"error": "validation_failed", "message": "no"}'


def serving(answer: Callable[[bytes], bytes]) -> str:
    """Serve one connection; return its address."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server, server.accept()[0] as connection:
            connection.sendall(answer(connection.recv(65_536)))

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_bytes_are_sent_as_they_are_and_the_answer_is_read_to_its_end() -> None:
    heard: list[bytes] = []

    def hear(content: bytes) -> bytes:
        heard.append(content)
        return REFUSED

    url = serving(hear)
    reply = raw.send(url, raw.Raw("odd", b"BREW /\xff HTTP/9.9\r\n\r\n"))
    assert heard == [b"BREW /\xff HTTP/9.9\r\n\r\n"]
    assert (reply.status, reply.error) == (400, "validation_failed")
    assert raw.send(serving(lambda _: b""), raw.Raw("closed", b"x")).status is None
    assert raw.send(serving(lambda _: b"what?"), raw.Raw("odd", b"x")).status == raw.UNREADABLE


def test_each_body_is_wrong_in_a_point_of_its_own() -> None:
    user = ID.replace("5", "6")
    found = list(raw.bodies(user, ID, str(uuid4())))
    assert len({content for _, content in found}) == len({name for name, _ in found}) == len(found) > 40
    for _, content in found:
        assert len(content) < 1024 * 1024


@pytest.mark.parametrize(
    ("statuses", "content", "problem"),
    [
        ((400,), REFUSED, None),
        ((200,), b"HTTP/1.1 200 OK\r\n\r\n{}", None),
        ((200,), REFUSED, "answered 400"),
        ((413, None), b"", None),
        ((400,), b"HTTP/1.1 200 OK\r\n\r\n{}", "answered 200"),
        ((400,), b"HTTP/1.1 500 Oh\r\n\r\n{}", "answered 500"),
        ((400,), b"", "answered by closing"),
        ((400,), b"HTTP/1.1 400 Bad Request\r\n\r\nbad", "refused in another form"),
    ],
)
def test_a_reply_is_right_only_with_its_status_and_form(
    statuses: tuple[int | None, ...], content: bytes, problem: str | None
) -> None:
    line = content.split(b" ", 2)
    reply = raw.Reply(int(line[1]) if len(line) > 1 else None, content)
    found = _problem_with(raw.Raw("one", b"POST", statuses), reply)
    assert (found or "").startswith(problem or "")
    assert (found is None) == (problem is None)


def write(status: int, operation: str, rows: list[str] | None = None, path: str = "/inventory/add-items") -> Exchange:
    return Exchange("POST", path, status, {"operation_id": operation}, {"operation_ids": rows})


def test_what_was_acknowledged_is_there_and_what_was_only_refused_is_not() -> None:
    right = [
        write(200, "a", ["1"]),
        write(400, "a"),
        write(400, "b"),
        write(503, "c"),
        write(404, "a", path="/x/return-reserve"),
    ]
    assert outcomes(right, {"1"}, {"a", "c", "d"}) == []
    assert outcomes([write(200, "a", ["2"])], {"1"}, {"a"}) == [
        "Law 5: /inventory/add-items answered 200 with rows that are not in the ledger: 2"
    ]
    assert outcomes([write(400, "b")], set(), {"b"}) == [
        "Law 5: operation b was only refused (/inventory/add-items 400) and stands in the ledger"
    ]


def test_findings_fail_with_what_was_found_and_without_anything_accepted(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text('<testsuites><testsuite><testcase name="GET /x"><failure message="500"/></testcase>'
                      '<testcase name="GET /y"/></testsuite></testsuites>')  # fmt: skip
    assert _problems(report) == ["GET /x: 500"]
    fine, refused = (Exchange("GET", "/x", status, None, None) for status in (200, 400))
    FuzzKeywords().findings_should_be_none(Findings((fine,), ()))
    for exchanges, problems, message in (
        ((), (), "nothing was asked"),
        ((refused,) * 100, (), "only 0 of 100 requests were accepted"),
        ((fine,), ("GET /x: 500",), "GET /x: 500"),
    ):
        with pytest.raises(AssertionError, match=message):
            FuzzKeywords().findings_should_be_none(Findings(exchanges, problems))


def test_the_log_of_calls_is_read_as_it_is_written() -> None:
    line = json.dumps({"method": "GET", "path": "/x", "status": 200, "sent": None, "got": {}})
    assert Findings((Exchange(**json.loads(line)),), ()).by_call() == {"GET /x": {200: 1}}
