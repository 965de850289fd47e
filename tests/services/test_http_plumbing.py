"""Bodies, refusals and listeners, without a service around them."""

import asyncio
import socket
from typing import Any

import msgspec
import pytest
from litestar.exceptions import HTTPException

from services.common.errors import Refusal
from services.common.http import (
    Listener,
    Observed,
    StrictBody,
    answer_http_exception,
    bind,
    build_app,
    check_text,
    describe_bad_body,
    health_report,
)
from services.inventory.schemas import AddItems

ITEM = {"item_id": "5b1f0a44-93ae-4a6f-8f63-0c1f3c0d8f11", "quantity": 1}
BODY = {
    "user_id": ITEM["item_id"],
    "section": "main",
    "operation_type": "chest_reward",
    "operation_id": ITEM["item_id"],
    "items": [ITEM],
}


def complaint(raw: bytes) -> Refusal:
    with pytest.raises(Refusal) as raised:
        StrictBody[AddItems].decode_bytes(StrictBodyProbe(), raw)
    return raised.value


class StrictBodyProbe(StrictBody[AddItems]):
    """A body description without the framework's connection behind it."""

    model_type = AddItems

    def __init__(self) -> None:
        """Take nothing."""


def changed(**changes: object) -> bytes:
    return msgspec.json.encode(BODY | changes)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff", "body"),
        (b"null", "body"),
        (b"[" * 5000, "body"),
        (b"{}", "user_id"),
        (changed(user_id="me"), "user_id"),
        (changed(section=5), "section"),
        (changed(items=[]), "items"),
        (changed(items=[ITEM | {"quantity": "5"}]), "items[0].quantity"),
        (changed(items=[ITEM | {"quantity": 1.5}]), "items[0].quantity"),
        (changed(items=[ITEM | {"quantity": True}]), "items[0].quantity"),
        (changed(items=[ITEM | {"quantity": 0}]), "items[0].quantity"),
        (changed(items=[ITEM | {"quantity": 2**53}]), "items[0].quantity"),
        (changed(items=[{"quantity": 1}]), "items[0].item_id"),
        (changed(comment="x" * 501), "comment"),
        (changed(comment=5), "comment"),
        (b'{"user_id": "\\ud800"}', "body"),
    ],
)
def test_bad_body_names_the_field(raw: bytes, field: str) -> None:
    found = complaint(raw)
    assert (found.status, found.code) == (400, "validation_failed")
    if field != "body":
        assert found.body["details"] == {"field": field}
        assert found.message.startswith(f"{field}: ")


def test_unknown_fields_are_ignored() -> None:
    raw = changed(items=[ITEM | {"colour": "red"}], surplus=5)
    assert StrictBodyProbe().decode_bytes(raw).items[0].quantity == 1


def test_complaint_without_a_place_names_the_body() -> None:
    assert describe_bad_body("odd").body["details"] == {"field": "body"}


def test_text_with_nul_is_refused() -> None:
    check_text("comment", None)
    check_text("comment", "fine")
    with pytest.raises(Refusal, match="comment: must not contain"):
        check_text("comment", "a\x00b")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, "not_found"),
        (405, "method_not_allowed"),
        (413, "body_too_large"),
        (400, "validation_failed"),
        (415, "bad_request"),
        (500, "internal_error"),
        (503, "internal_error"),
    ],
)
def test_refusals_of_the_framework_have_the_form_of_ours(status: int, code: str) -> None:
    request: Any = None
    answer = answer_http_exception(request, HTTPException("secret detail", status_code=status))
    assert answer.content["error"] == code
    assert status < 500 or "secret" not in answer.content["message"]


def test_health_report_tells_states_and_nothing_else() -> None:
    status, body = health_report("1", {"postgres": True, "redis": False}, ready=False)
    assert status == 503
    assert set(body) == {"status", "timestamp", "version", "dependencies"}
    assert body["status"] == "unhealthy"
    assert body["dependencies"] == {
        "postgres": "healthy",
        "redis": "unhealthy",
    }
    assert health_report("1", {}, ready=True)[0] == 200


def test_taken_port_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            bind(Listener(None, "127.0.0.1", port, "SERVER_PORT"))
    assert ended.value.code == 1
    line = f"error: cannot listen on 127.0.0.1:{port} (SERVER_PORT): the port is taken; set another port\n"
    assert capsys.readouterr().err == line


def test_address_that_is_not_ours_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bind(Listener(None, "192.0.2.1", 0, "SERVER_PORT"))
    assert capsys.readouterr().err.startswith("error: cannot listen on 192.0.2.1:0 (SERVER_PORT): ")


def test_ipv6_address_can_be_bound() -> None:
    try:
        bind(Listener(None, "::1", 0, "SERVER_PORT")).close()
    except SystemExit:
        pytest.skip("this machine has no IPv6 loopback")


def answer_of(app: Any, path: str = "/", headers: tuple[tuple[bytes, bytes], ...] = ()) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": list(headers),
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 1),
        "client": ("127.0.0.1", 2),
        "root_path": "",
        "state": {},
    }
    asyncio.run(app(scope, receive, send))
    return sent


def test_request_is_counted_by_its_pattern() -> None:
    seen: list[tuple[str, str, int]] = []
    flying: list[int] = []
    app = Observed(
        build_app("t", "1", []),
        lambda method, endpoint, status, _: seen.append((method, endpoint, status)),
        flying.append,
    )
    answer_of(app, "/secret/5")
    assert seen == [("GET", "unmatched", 404)]
    assert flying == [1, -1]


def test_failure_inside_is_counted_as_500_and_raised() -> None:
    seen: list[int] = []

    async def broken(*_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        answer_of(Observed(broken, lambda _m, _e, status, _s: seen.append(status)))
    assert seen == [500]


def test_other_protocols_pass_by() -> None:
    passed: list[str] = []

    async def inner(scope: Any, *_: object) -> None:
        passed.append(scope["type"])

    asyncio.run(Observed(inner, None)({"type": "lifespan"}, None, None))
    assert passed == ["lifespan"]


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        (b"abc-1.2:3/4@5+6=", True),
        (b"a" * 128, True),
        (b"a" * 129, False),
        (b"two words", False),
        (b"a\xe4", False),
    ],
)
def test_request_id_is_taken_over_when_it_is_harmless(given: bytes, is_kept: bool) -> None:
    app = Observed(build_app("t", "1", []), None)
    start = answer_of(app, headers=((b"x-request-id", given),))[0]
    (back,) = [value for name, value in start["headers"] if name == b"x-request-id"]
    assert (back == given) is is_kept
    assert is_kept or len(back) == 36
