"""Bodies, refusals and listeners, without a service around them."""

import asyncio
import json
import socket
from typing import Any

import msgspec
import pytest

from services.common.calls import MAX_BODY, Body, Call, Request, build_app, check_text, describe_bad_body
from services.common.errors import ErrorBody, Refusal
from services.common.http import Listener, Observed, bind, health_report
from services.common.openapi import Parameter, describe
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
        Body(AddItems).decode(raw)
    return raised.value


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
    assert Body(AddItems).decode(raw).items[0].quantity == 1


def test_complaint_without_a_place_names_the_body() -> None:
    assert describe_bad_body("odd").body["details"] == {"field": "body"}


def test_text_with_nul_is_refused() -> None:
    check_text("comment", None)
    check_text("comment", "fine")
    with pytest.raises(Refusal, match="comment: must not contain"):
        check_text("comment", "a\x00b")


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


def scope_of(path: str = "/", method: str = "GET", headers: tuple[tuple[bytes, bytes], ...] = ()) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
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


def receiving(*messages: dict[str, Any]) -> Any:
    coming = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(coming)

    return receive


def answer_of(
    app: Any, path: str = "/", headers: tuple[tuple[bytes, bytes], ...] = (), method: str = "GET", body: bytes = b""
) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    receive = receiving({"type": "http.request", "body": body, "more_body": False})
    asyncio.run(app(scope_of(path, method, headers), receive, send))
    return sent


def status_and_error(sent: list[dict[str, Any]]) -> tuple[int, str]:
    return sent[0]["status"], json.loads(sent[1]["body"])["error"]


async def fail(*_: object) -> None:
    raise RuntimeError("secret detail")


async def greet(_: Request, body: AddItems) -> dict[str, int]:
    return {"items": len(body.items)}


def test_unknown_paths_methods_and_failures_are_answered_in_the_form_of_the_contract() -> None:
    app = build_app("t", "1", [Call("POST", "/broken", fail, dict[str, int], "Fail")])
    assert status_and_error(answer_of(app, "/nowhere")) == (404, "not_found")
    refused = answer_of(app, "/broken")
    assert status_and_error(refused) == (405, "method_not_allowed")
    assert (b"allow", b"POST") in refused[0]["headers"]
    failed = answer_of(app, "/broken", method="POST")
    assert status_and_error(failed) == (500, "internal_error")
    assert b"secret" not in failed[1]["body"]


def test_guard_stands_before_the_body() -> None:
    async def refuse(_: Request) -> None:
        raise Refusal(401, "missing_token", "no")

    app = build_app("t", "1", [Call("POST", "/greet", greet, dict[str, int], "Greet", Body(AddItems), refuse)])
    assert status_and_error(answer_of(app, "/greet", method="POST", body=b"{")) == (401, "missing_token")


def test_body_is_read_and_decoded() -> None:
    app = build_app("t", "1", [Call("POST", "/greet", greet, dict[str, int], "Greet", Body(AddItems))])
    sent = answer_of(app, "/greet", method="POST", body=changed())
    assert (sent[0]["status"], sent[1]["body"]) == (200, b'{"items":1}')
    assert status_and_error(answer_of(app, "/greet", method="POST", body=b"{")) == (400, "validation_failed")


def body_of(*messages: dict[str, Any], length: bytes | None = None) -> bytes:
    headers = ((b"content-length", length),) if length else ()
    return asyncio.run(Request(scope_of(headers=headers), receiving(*messages)).body())


def part(content: bytes, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


def test_body_in_parts_is_put_together() -> None:
    assert body_of(part(b"ab", True), part(b"c", True), part(b"", False)) == b"abc"


@pytest.mark.parametrize(
    ("messages", "length"),
    [
        ([part(b"x" * (MAX_BODY + 1), False)], None),
        ([part(b"x" * MAX_BODY, True), part(b"x", False)], None),
        ([part(b"x" * MAX_BODY, True), part(b"x" * MAX_BODY, True)], None),
        ([], str(MAX_BODY + 1).encode()),
    ],
)
def test_body_over_one_mebibyte_is_refused(messages: list[dict[str, Any]], length: bytes | None) -> None:
    with pytest.raises(Refusal) as raised:
        body_of(*messages, length=length)
    assert (raised.value.status, raised.value.code) == (413, "body_too_large")


def test_body_of_one_mebibyte_is_read() -> None:
    assert len(body_of(part(b"x" * MAX_BODY, False), length=str(MAX_BODY).encode())) == MAX_BODY


def test_client_that_hangs_up_is_no_failure_of_ours() -> None:
    for messages in ([{"type": "http.disconnect"}], [part(b"a", True), {"type": "http.disconnect"}]):
        with pytest.raises(Refusal) as raised:
            body_of(*messages)
        assert raised.value.status == 499


def test_description_names_what_calls_take_and_give() -> None:
    calls = [
        Call("POST", "/greet/{name}", greet, dict[str, int], "Greet", Body(AddItems)),
        Call("GET", "/greet/{name}", greet, dict[str, int], "Look", access=("player",),
             parameters=(Parameter("section", "query", {"type": "string"}),), refuses={404: ErrorBody}),
    ]  # fmt: skip
    paths = describe("t", "1", calls)["paths"]["/greet/{name}"]
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/AddItems"}}}
    assert paths["post"]["requestBody"] == {"required": True, "content": body}
    assert [one["name"] for one in paths["get"]["parameters"]] == ["name", "section", "X-Request-ID"]
    assert list(paths["get"]["responses"]) == ["200", "400", "401", "403", "404", "408", "413", "431", "500", "503"]
    assert paths["get"]["security"] == [{"player": []}]
    assert "security" not in paths["post"]
    assert "AddItems" in describe("t", "1", calls)["components"]["schemas"]


def test_request_is_counted_by_its_pattern_and_while_it_is_under_way() -> None:
    seen: list[tuple[str, str, int]] = []
    flying: list[int] = []

    async def look(_: Request) -> dict[str, int]:
        flying.append(app.in_flight)
        return {}

    inner = build_app("t", "1", [Call("GET", "/item/{item_id}", look, dict[str, int], "Look")])
    app = Observed(inner, lambda method, endpoint, status, _: seen.append((method, endpoint, status)))
    answer_of(app, "/item/5")
    answer_of(app, "/secret/5")
    assert seen == [("GET", "/item/{item_id}", 200), ("GET", "unmatched", 404)]
    assert (flying, app.in_flight) == ([1], 0)


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
