"""One HTTP call and what came back, as values."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from reporting import redaction

_SHOWN = 2000


class Bearer(Protocol):
    """A token whose text is a stub; the token itself is its ``value``, and ``forged`` tells how a test made it."""

    @property
    def value(self) -> str: ...
    @property
    def forged(self) -> str: ...
    @property
    def claims(self) -> dict[str, Any]: ...
    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Call:
    """One HTTP request. ``writes`` is the type of the ledger rows that a 200 has written.

    Of one that was written by hand (``is_by_hand``) nobody knows what its body says.
    """

    method: str
    url: str
    token: Bearer | None = None
    body: Any = None
    raw: bytes | None = None
    headers: dict[str, Any] = field(default_factory=dict)
    writes: str | None = None
    is_by_hand: bool = False

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
        except (ValueError, RecursionError):
            return None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def error(self) -> str | None:
        """The error code of a refusal; of auth-service no rule says that it stands in ``error``, as 4.2 does."""
        told = self.body if isinstance(self.body, dict) else {}
        return next((told[name] for name in ("error", "code") if isinstance(told.get(name), str)), None)

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


def origin_of(url: str) -> str:
    """Return the scheme and host of an address: where its listener is."""
    return "/".join(url.split("/", 3)[:3])


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
