"""Keywords about the services' logs (contract, section 6: logs). Tests of a target without logs to read are skipped."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from robot.api import SkipExecution
from robot.api.deco import keyword, library

from libraries import calls, evidence
from libraries.client import Answer
from libraries.players import Player, login_call, new_telegram_id, signed_init_data
from libraries.preparing import target
from libraries.redaction import HIDDEN, redact
from libraries.session import auth, client, instance, need, published_keys, service_token
from libraries.tokens import Token

ALWAYS = ("timestamp", "level", "message", "service")
OF_A_REQUEST = (*ALWAYS, "request_id", "method", "path", "status", "duration_ms", "user_id")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
_LEVELS = {"debug", "info", "warning", "error", "critical"}
_PATIENCE = 5.0
_LAST_BYTES = 4_000_000
_SHORTEST_SECRET = 8


@dataclass(frozen=True)
class Line:
    """One line of a service's log."""

    file: str
    text: str

    @property
    def shown(self) -> str:
        """The line for a message: short, and without what must be in no log, ours included."""
        return redact(self.text)[:300]

    @property
    def content(self) -> dict[str, Any]:
        """The line as JSON. Raises AssertionError when it is no JSON object."""
        try:
            found = json.loads(self.text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise AssertionError(f"{self.file} has a line that is no JSON object: {self.shown!r}")
        return found


def _files() -> list[Path]:
    state = target().stack
    if state is None:
        raise SkipExecution(f"target {target().name} hands over no logs (the embedded stack does)")
    return [Path(part.log) for part in (*state.inventory, state.auth)]


def lines(having: str = "") -> Iterator[Line]:
    """Yield all whole lines that the services have written so far, or those that hold a text."""
    marker = having.encode()
    for path in _files():
        with path.open("rb") as file:
            skipped = max(0, file.seek(0, 2) - _LAST_BYTES)
            file.seek(skipped)
            block = file.read()
        if marker not in block:
            continue
        name = path.stem
        # What is being written just now has no end yet; what we came into the middle of has no beginning.
        whole = block[: block.rfind(b"\n") + 1].decode("utf-8", "replace").splitlines()
        for text in whole[1 if skipped else 0 :]:
            if having in text:
                yield Line(name, text)


def lines_of(request_id: str, count: int = 1) -> list[dict[str, Any]]:
    """Return the lines of a request, when there are so many; wait for them a little. Raises AssertionError."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = [line.content for line in lines(request_id)]
        found = [content for content in found if content.get("request_id") == request_id]
        if len(found) >= count:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"request {request_id} has {len(found)} lines in the logs, expected {count}")
        time.sleep(0.02)


def faults_of(content: dict[str, Any]) -> list[str]:
    """Return what a line lacks or has in another form than promised."""
    wanted = OF_A_REQUEST if "path" in content else ALWAYS
    found = [f"{name} is missing" for name in wanted if name not in content]
    if not _UTC.fullmatch(str(content.get("timestamp"))):
        found.append(f"timestamp {content.get('timestamp')!r} is no RFC 3339 time in UTC")
    if content.get("level") not in _LEVELS:
        found.append(f"level is {content.get('level')!r}")
    if "path" in content:
        kinds: dict[str, Any] = {
            "method": str,
            "path": str,
            "status": int,
            "duration_ms": (int, float),
            "user_id": (str, type(None)),
        }
        found += [f"{name} is {content.get(name)!r}" for name, kind in kinds.items()
                  if not isinstance(content.get(name), kind)]  # fmt: skip
        if "?" in str(content.get("path")):
            found.append("path has a query in it")
    return found


def secrets() -> dict[str, str]:
    """Return everything that must not be in a log, by what it is."""
    state = target().stack
    own = state.load_secrets()
    found = {field.name: str(getattr(own, field.name)) for field in fields(own) if field.name not in _NO_SECRETS}
    key = Path(own.signing_key_file).read_text(encoding="utf-8").splitlines()
    found |= {f"line {n} of the signing key": text for n, text in enumerate(key) if text and "-----" not in text}
    return {name: value for name, value in found.items() if len(value) >= _SHORTEST_SECRET}


_NO_SECRETS = {"service_name", "signing_key_file"}


def _blank(line: Line, forbidden: dict[str, str]) -> str:
    text = line.text
    for value in forbidden.values():
        text = text.replace(value, HIDDEN)
    return Line(line.file, text).shown


@library(scope="GLOBAL")
class service_logs:  # noqa: N801  Robot looks for a class of the module's name
    """What the services have written to their logs."""

    def __init__(self) -> None:
        self._sent: dict[str, str] = {}

    @keyword
    def log_lines_should_have_the_promised_fields(self) -> None:
        """Fail unless every line of every service is a JSON object with the fields that the contract names."""
        seen = 0
        for line in lines():
            seen += 1
            wrong = faults_of(line.content)
            if wrong:
                raise AssertionError(f"a line of {line.file}: {'; '.join(wrong)}: {line.shown}")
        if not seen:
            raise AssertionError("the services have written no line at all")

    @keyword
    def path_should_be_logged_as_answered(self, path: str) -> None:
        """Fail unless some request for a path has its line."""
        _files()
        if not any(line.content.get("path", "").endswith(path) for line in lines(path)):
            raise AssertionError(f"no line tells of a request for {path}")

    @keyword
    def request_should_be_found_in_both_logs(self) -> None:
        """Log in and read under one request id; fail unless one search finds the lines of both services."""
        _files()
        same = (("X-Request-ID", calls.new_id()),)
        login = login_call(new_telegram_id())
        answer = client().send(replace(login, headers=(*login.headers, *same)))
        token = Token(answer.body["token"])
        read = calls.read_inventory(instance(None), token, "main")
        client().send(replace(read, headers=same))
        found = [content for content in lines_of(same[0][1], 2) if "path" in content]
        services = {content["service"] for content in found}
        users = {content["user_id"] for content in found}
        if services != {"auth-service", "inventory-service"} or users != {answer.body["user"]["id"]}:
            raise AssertionError(f"request {same[0][1]} was found at {services} for {users}")

    @keyword
    def last_call_should_be_logged_for(self, player: Player, method: str, status: int) -> None:
        """Fail unless the last call has exactly one line, which names the player, method, status and a duration."""
        _files()
        answer: Answer = evidence.current.last
        found = [content for content in lines_of(answer.request_id) if "path" in content]
        told = [(line["method"], line["status"], line["user_id"]) for line in found]
        if told != [(method, status, player.user_id)]:
            raise AssertionError(f"{answer} is logged as {told}")
        # The service's clock stops a little after its answer has arrived, but not after its line was found.
        passed = (time.monotonic() - answer.started) * 1000
        if not 0 < found[0]["duration_ms"] <= passed:
            raise AssertionError(f"{answer} is logged as taking {found[0]['duration_ms']} ms")

    @keyword
    def strange_request_ids_should_not_spoil_the_log(self) -> None:
        """Send request ids with quotes, braces and escapes; fail unless each call still has its line."""
        _files()
        for strange in ('"}{"level":"forged', "a" * 4000, "\\u0000\\n", "'; --", "\xe9\xff", "a\tb"):
            url = f"{instance(None).public}/inventory"
            call = calls.Call("GET", url, "/inventory", headers=(("X-Request-ID", strange.encode("latin-1")),))  # type: ignore[arg-type]
            answer = client().send(call, "401 missing_token")
            given = answer.headers.get("x-request-id", "")
            if not given or len(given) > 200:
                raise AssertionError(f"request id {strange[:40]!r} came back as {given[:80]!r}")
            lines_of(given)
        if any(line.content.get("level") == "forged" for line in lines("forged")):
            raise AssertionError("a request id forged a line of the log")

    @keyword
    def secrets_should_have_been_sent(self, player: Player) -> None:
        """Send what must not be logged: tokens in every place, a wrong secret, a wrong signature, init data."""
        _files()
        own = service_token()
        wrong = f"wrong-secret-{calls.new_id()}"
        public = instance(None).public
        broken = Token(f"{player.token.value[:-12]}{'A' * 12}")
        client().send(calls.read_inventory(instance(None), broken, "main"), "401 invalid_token_signature")
        client().exchange(calls.Call("GET", f"{public}/inventory?token={player.token.value}", "/inventory"))
        client().exchange(calls.Call("GET", f"{public}/nowhere", "/nowhere", player.token))
        bad = {"user_id": player.token.value}
        client().exchange(calls.Call("POST", f"{public}/inventory/reserve", "/inventory/reserve", own, bad))
        client().exchange(calls.auth_call(auth(), "/auth/service-token", body={"service": "nobody", "secret": wrong}))
        self._sent = {"a player's token": player.token.value.rpartition(".")[2], "a wrong service secret": wrong}
        if own is not None:
            self._sent["a service's token"] = own.value.rpartition(".")[2]
        if "telegram" in target().login_ways:
            data = signed_init_data(new_telegram_id())
            client().exchange(calls.telegram_login(auth(), data))
            self._sent["init data"] = data.rpartition("hash=")[2].partition("&")[0]
        need("services of its own")
        published_keys()

    @keyword
    def logs_should_hold_no_secrets(self) -> None:
        """Fail when a line holds a secret of the deployment, a key, anything like a token, or what was sent before."""
        forbidden = {**secrets(), **self._sent}
        for line in lines():
            found = [name for name, value in forbidden.items() if value in line.text]
            if _JWT.search(line.text):
                found.append("a token")
            if found:
                raise AssertionError(f"a line of {line.file} holds {', '.join(found)}: {_blank(line, forbidden)}")
