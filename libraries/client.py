"""Sends calls over RequestsLibrary's sessions and judges the answers, without a secret in any log."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict
from RequestsLibrary import RequestsLibrary
from robot.api import logger

from libraries import evidence, redaction, shapes
from libraries.calls import Call
from libraries.evidence import Written

# Its debug lines, which Robot takes into the log, would show whole URLs.
logging.getLogger("urllib3").setLevel(logging.INFO)
# How a keyword names what it expects: "200", or "400 insufficient_items", or "401 one_code|another_code".
Expected = str


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
    def outcome(self) -> str:
        """Status and error code in short."""
        if self.status is None:
            return f"no answer ({self.failure})"
        return f"{self.status} {self.error}" if self.error else str(self.status)

    def __str__(self) -> str:
        return f"{self.call} → {self.outcome}, {self.milliseconds:.1f} ms, request {self.request_id}"

    def __repr__(self) -> str:
        return f"<{self}>"

    def details(self, limit: int = 2000) -> str:
        """Request and answer in full, redacted."""
        raw = self.call.raw
        sent = (
            redaction.cut(redaction.redact(raw.decode("utf-8", "replace")), limit)
            if raw is not None
            else (redaction.show_json(self.call.body, limit) if self.call.body is not None else "")
        )
        got = (
            redaction.show_json(self.body, limit)
            if self.body is not None
            else (redaction.cut(redaction.redact(self.text), limit))
        )
        by = f"  by {self.call.token}" if self.call.token else ""
        return f"{self}{by}\n> {sent}\n< {got}"  # fmt: skip


def problem_with(answer: Answer, expected: Expected) -> str | None:
    """Return in words how an answer differs from what was expected, or None.

    A status of 200 must have the shape of its call, any refusal that of section 4.
    """
    status, _, codes = expected.partition(" ")
    if str(answer.status) != status or (codes and answer.error not in codes.split("|")):
        return f"{answer.call} answered {answer.outcome}, expected {expected}"
    if status == "200":
        wrong = shapes.difference(answer.body, answer.call.shape) if answer.call.shape else None
    else:
        wrong = shapes.difference(answer.body, shapes.REFUSAL)
    return f"{answer.call} answered {answer.outcome} as expected, but {wrong}" if wrong else None


def require(answer: Answer, expected: Expected) -> Answer:
    """Return the answer. Raises AssertionError with request, answer and server log lines when it is unexpected."""
    problem = problem_with(answer, expected)
    if problem is None:
        return answer
    if answer.status is None:
        lines = [redaction.redact(words) for words in evidence.ended()]
    else:
        lines = evidence.server_lines(f'"{answer.request_id}"')
    server = "\nServer log:\n" + "\n".join(lines) if lines else ""
    raise AssertionError(f"{problem}\n{answer.details()}{server}")


def note(answer: Answer) -> None:
    """Remember an answer as evidence, and what it says about the ledger."""
    evidence.current.last = answer
    if answer.call.writes is not None:
        ids = answer.body.get("operation_ids") if answer.status == 200 and isinstance(answer.body, dict) else None
        rows = tuple(ids) if isinstance(ids, list) else None
        call = answer.call
        evidence.note_written(Written(call.user_id, call.operation_id, call.writes or "", answer.status, rows))


class Client:
    """One kept connection per address, one line in the log per call."""

    def __init__(self, timeout: float) -> None:
        self._library = RequestsLibrary()
        self._sessions: dict[str, requests.Session] = {}
        self.timeout = timeout

    def _session(self, url: str) -> requests.Session:
        base = "/".join(url.split("/", 3)[:3])
        session = self._sessions.get(base)
        if session is None:
            # No retries: a repeated POST would hide what the first one did.
            session = self._library.create_session(base, base, max_retries=0, verify=True)
            # Proxies and .netrc are not for tests, and looking them up costs time in each call.
            session.trust_env = False
            self._sessions[base] = session
        return session

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send a request by the session's own adapter.

        Cookies, redirects, hooks and proxies, which a session adds on top, are not for these calls, and cost as much
        as the call.
        """
        session = self._session(str(request.url))
        adapter = session.get_adapter(str(request.url))
        verify = True if session.verify is None else session.verify
        response = adapter.send(request, timeout=self.timeout, verify=verify, cert=session.cert)
        # Read here, so that an answer that breaks off is a failed call like any other.
        _ = response.content
        return response

    def exchange(self, call: Call) -> Answer:
        """Send a call and return the answer, whatever it is."""
        request_id = evidence.current.next_request_id()
        started = time.monotonic()
        try:
            response = self._send(prepared(call, request_id))
        except requests.RequestException as error:
            failure = redaction.redact(f"{type(error).__name__}: {error}")
            answer = Answer(call, request_id, None, b"", {}, started, time.monotonic(), failure)
        else:
            received = {name.lower(): value for name, value in response.headers.items()}
            answer = Answer(
                call, request_id, response.status_code, response.content, received, started, time.monotonic()
            )
        note(answer)
        logger.info(answer.details(600))
        return answer

    def send(self, call: Call, expected: Expected = "200") -> Answer:
        """Send a call and return the answer. Raises AssertionError when it is not the expected one."""
        return require(self.exchange(call), expected)


def prepared(call: Call, request_id: str) -> requests.PreparedRequest:
    """Return a call as requests sends it. Its address is what the call says, to the letter."""
    request = requests.PreparedRequest()
    request.method, request.url, request.body = call.method, call.url, call.payload
    request.headers = CaseInsensitiveDict(headers_of(call, request_id))
    if call.payload is not None or call.method != "GET":
        request.headers["Content-Length"] = str(len(call.payload or b""))
    return request


def headers_of(call: Call, request_id: str) -> dict[str, str]:
    """Return the headers of a call."""
    headers = {"X-Request-ID": request_id, "Accept": "application/json"}
    if call.payload is not None:
        headers["Content-Type"] = "application/json"
    if call.token is not None:
        headers["Authorization"] = f"Bearer {call.token.value}"
    headers.update(call.headers)
    return headers
