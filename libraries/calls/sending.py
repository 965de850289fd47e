"""Sends calls over RequestsLibrary's sessions, without a secret in any log."""

from __future__ import annotations

import logging
import math
import time
from functools import cache

import requests
from requests.structures import CaseInsensitiveDict
from RequestsLibrary import RequestsLibrary
from robot.api import logger

from libraries.calls import evidence
from libraries.target.preparing import target
from reporting import redaction
from reporting.answers import Answer, Call, origin_of, problem_with

# Its debug lines, which Robot takes into the log, would show whole URLs.
logging.getLogger("urllib3").setLevel(logging.INFO)
# The limit is one a minute; a little longer than that.
_LIMIT_SECONDS = 75.0
# After how long a connection that nobody used may be closed over there just as it is used again.
_IDLE_SECONDS = 1.5
# Answers are JSON, but for keys and metrics, which a strict service refuses to who asks for JSON alone.
ACCEPTED = "application/json, */*;q=0.5"


class Client:
    """One kept connection per address, one entry in the log per call."""

    def __init__(self, timeout: float, ca_file: str | None = None) -> None:
        self._library = RequestsLibrary()
        self._sessions: dict[str, requests.Session] = {}
        self._used: dict[str, float] = {}
        self._verify: bool | str = ca_file or True
        self.timeout = timeout

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send a request by the own adapter of its address' session.

        Cookies, redirects, hooks and proxies, which a session adds on top, are not for these calls, and cost as much
        as the call.
        """
        url = str(request.url)
        base = origin_of(url)
        if base not in self._sessions:
            # No retries: a repeated POST would hide what the first one did.
            self._sessions[base] = self._library.create_session(base, base, max_retries=0, verify=self._verify)
        session = self._sessions[base]
        if time.monotonic() - self._used.get(base, math.inf) > _IDLE_SECONDS:
            session.close()
        response = session.get_adapter(url).send(request, timeout=self.timeout, verify=self._verify, cert=session.cert)
        # Read here, so that an answer that breaks off is a failed call like any other.
        _ = response.content
        self._used[base] = time.monotonic()
        return response

    def exchange(self, call: Call) -> Answer:
        """Send a call, remember and log the answer, and return it, whatever it is."""
        request_id, started = evidence.current.next_request_id(), time.monotonic()
        status, content, received, failure = None, b"", {}, None
        try:
            response = self._send(prepared(call, request_id))
        except requests.RequestException as error:
            failure = redaction.redact(f"{type(error).__name__}: {error}")
        else:
            status, content = response.status_code, response.content
            received = {name.lower(): value for name, value in response.headers.items()}
        return noted(Answer(call, request_id, status, content, received, started, time.monotonic(), failure))

    def send(self, call: Call, expected: str = "200") -> Answer:
        """Send a call, again when the target's login limit lets it in, and return the answer.

        Raises AssertionError when it is not the expected one.
        """
        answer, deadline = self.exchange(call), time.monotonic() + _LIMIT_SECONDS
        while answer.status == 429 and target().login_limit and "429" not in expected and time.monotonic() < deadline:
            told = answer.headers.get("retry-after", "")
            time.sleep(min(int(told) if told.isdecimal() else 6, 60) + 0.1)
            answer = self.exchange(call)
        return as_expected(answer, expected)


def noted(answer: Answer) -> Answer:
    """Remember and log an answer, and return it."""
    evidence.note(answer)
    logger.info(answer.details())
    return answer


def as_expected(answer: Answer, expected: str) -> Answer:
    """Return an answer. Raises AssertionError when it is not the expected one."""
    problem = problem_with(answer, expected)
    if problem is not None:
        evidence.current.unexpected.add(answer.request_id)
        raise AssertionError(problem)
    return answer


@cache
def client() -> Client:
    """The HTTP client of this process."""
    found = target()
    for secret in found.secrets():
        redaction.remember_secret(secret)
    return Client(found.timeout_seconds, found.ca_file)


def prepared(call: Call, request_id: str) -> requests.PreparedRequest:
    """Return a call as requests sends it. Its address is what the call says, to the letter."""
    request = requests.PreparedRequest()
    request.method, request.url, request.body = call.method, call.url, call.payload
    request.headers = CaseInsensitiveDict(headers_of(call, request_id))
    if call.payload is not None or call.method != "GET":
        request.headers["Content-Length"] = str(len(call.payload or b""))
    return request


def headers_of(call: Call, request_id: str) -> dict[str, str]:
    """Return the headers of a call; one that is given as None is left out."""
    headers: dict[str, str | None] = {"X-Request-ID": request_id, "Accept": ACCEPTED, "User-Agent": "proving-ground"}
    if call.payload is not None:
        headers["Content-Type"] = "application/json"
    if call.token is not None:
        headers["Authorization"] = f"Bearer {call.token.value}"
    return {name: value for name, value in {**headers, **call.headers}.items() if value is not None}
