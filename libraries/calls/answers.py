"""One HTTP call and what came back, as values."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from libraries.calls import redaction
from libraries.tokens.token import Token

_SHOWN = 2000


@dataclass(frozen=True)
class Call:
    """One HTTP request. ``writes`` is the type of the ledger rows that a 200 has written."""

    method: str
    url: str
    token: Token | None = None
    body: Any = None
    raw: bytes | None = None
    headers: dict[str, Any] = field(default_factory=dict)
    writes: str | None = None

    @property
    def payload(self) -> bytes | None:
        """The body's bytes."""
        if self.raw is not None:
            return self.raw
        return None if self.body is None else json.dumps(self.body).encode()

    @property
    def path(self) -> str:
        """The path without its query."""
        return "/" + self.url.split("/", 3)[-1].partition("?")[0]

    def member(self, name: str) -> Any:
        """Return a member of the body, None where there is none."""
        return self.body.get(name) if isinstance(self.body, dict) else None

    def __str__(self) -> str:
        return f"{self.method} {redaction.redact(self.path[:200])}"


@dataclass(frozen=True)
class Answer:
    """What came back. Times are readings of the monotonic clock in seconds; ``status`` is None without an answer."""

    call: Call
    request_id: str
    status: int | None
    content: bytes
    headers: dict[str, str]
    started: float
    ended: float
    failure: str | None = None
    # Who sent it: one of many at once, or the test itself.
    worker: str = field(default_factory=lambda: threading.current_thread().name.replace("ThreadPoolExecutor-", ""))

    @cached_property
    def body(self) -> Any:
        """The body as JSON, None when it is none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def error(self) -> str | None:
        """The error code of a refusal."""
        code = self.body.get("error") if isinstance(self.body, dict) else None
        return code if isinstance(code, str) else None

    @property
    def milliseconds(self) -> float:
        """How long the answer took."""
        return (self.ended - self.started) * 1000

    @property
    def is_unsent(self) -> bool:
        """Whether nobody took the connection."""
        return self.status is None and "refused" in (self.failure or "")

    @property
    def is_failed(self) -> bool:
        """Whether there is no answer, or a 5xx."""
        return self.status is None or self.status >= 500

    @property
    def outcome(self) -> str:
        """Status and error code in short."""
        if self.status is None:
            return f"no answer ({self.failure})"
        return f"{self.status} {self.error}" if self.error else str(self.status)

    def __str__(self) -> str:
        return f"{self.call} → {self.outcome}, {self.milliseconds:.1f} ms, request {self.request_id}"

    def __repr__(self) -> str:
        return f"<{self}>"

    def member(self, path: str) -> Any:
        """Return a member of the body (``user.id``). Raises AssertionError naming it when it is not there."""
        found = self.body
        for name in path.split("."):
            if not isinstance(found, dict) or name not in found:
                raise AssertionError(f"{self.call} answered {self.outcome} without {path}: {self.shown}")
            found = found[name]
        return found

    @property
    def shown(self) -> str:
        """The body for a message: short and redacted."""
        return redaction.show(self.body if self.body is not None else self.text, 300) or "an empty body"

    def details(self) -> str:
        """Request and answer, redacted."""
        raw = self.call.raw
        sent = raw.decode("utf-8", "replace") if raw is not None else self.call.body
        by = f"  by {self.call.token}" if self.call.token else ""
        got = self.body if self.body is not None else self.text
        return f"{self}{by}\n> {redaction.show(sent, _SHOWN)}\n< {redaction.show(got, _SHOWN)}"


def problem_with(answer: Answer, expected: str) -> str | None:
    """Return in words how an answer differs from what was expected, or None.

    Expected are statuses and, if need be, error codes: ``200``, ``4xx``, ``any``, ``401 one_code|another_code``.
    """
    statuses, _, codes = expected.partition(" ")
    found = str(answer.status)
    fits = any(one in (found, "any") or (one.endswith("xx") and found[0] == one[0]) for one in statuses.split("|"))
    if fits and (not codes or answer.error in codes.split("|")):
        return None
    told = f": {answer.shown}" if answer.status is not None else ""
    return f"{answer.call} answered {answer.outcome}, expected {expected}{told}"


def differences(value: Any, wanted: Iterable[str]) -> list[str]:
    """Return where a JSON value has not the wanted form, told as ``items.*.quantity count`` (``*``: every entry).

    Kinds: uuid, text, whole, count (above zero), balance (zero or more), true, false, flag, list, object, any, absent.
    A name that ends in ``?`` may be missing.
    """
    found: list[str] = []
    for line in wanted:
        path, _, kind = line.rpartition(" ")
        found += _differences(value, path.split("."), kind, "")
    return found


def _differences(value: Any, path: list[str], kind: str, where: str) -> list[str]:
    if not path:
        words, fits = _KINDS[kind]
        return [] if fits(value) else [f"{where} is {redaction.show(value, 80)}, not {words or kind}"]
    step, *rest = path
    if step == "*":
        if not isinstance(value, list):
            return [f"{where or 'the body'} is no list"]
        return [one for n, entry in enumerate(value) for one in _differences(entry, rest, kind, f"{where}[{n}]")][:1]
    name = step.removesuffix("?")
    inside = f"{where}.{name}" if where else name
    if not isinstance(value, dict):
        return [f"{where or 'the body'} is no object"]
    if name not in value:
        return [] if step.endswith("?") or kind == "absent" else [f"{inside} is missing"]
    return _differences(value[name], rest, kind, inside)


def is_uuid(value: Any) -> bool:
    """Say whether a value is the text of a UUID in its usual form."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_whole(value: Any) -> bool:
    """Say whether a value is a whole number (true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool)


_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Each kind in words, and how to tell.
_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "uuid": ("a UUID", is_uuid),
    "text": ("", lambda value: isinstance(value, str) and bool(value)),
    "whole": ("a whole number", is_whole),
    "count": ("a whole number above zero", lambda value: is_whole(value) and value > 0),
    "balance": ("a whole number of zero or more", lambda value: is_whole(value) and value >= 0),
    "true": ("", lambda value: value is True),
    "false": ("", lambda value: value is False),
    "flag": ("", lambda value: isinstance(value, bool)),
    "list": ("a list", lambda value: isinstance(value, list)),
    "object": ("an object", lambda value: isinstance(value, dict)),
    "any": ("", lambda _: True),
    "absent": ("", lambda _: False),
}
