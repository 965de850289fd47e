"""Many requests at one instant, each over a connection of its own."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

from libraries.calls import evidence
from libraries.calls.sending import client, headers_of
from libraries.target.preparing import target
from reporting.answers import Answer, Call

_PATIENCE = 60.0
# Sends a call under a request id when the barrier opens, with so many seconds for an answer, or several.
Sender = Callable[[Call, str, threading.Barrier, float], list[Answer]]
# The ids that the keyword which is being prepared has made: each copy of its call gets others.
made_ids: list[str] = []


def new_id() -> str:
    """Return a new random UUID as text."""
    made_ids.append(str(uuid4()))
    return made_ids[-1]


def copy_of(call: Call, ids: Sequence[str]) -> Call:
    """Return a call in which these ids are others."""
    text = json.dumps(call.body)
    for one in ids:
        text = text.replace(one, str(uuid4()))
    return replace(call, body=json.loads(text))


def _connection(url: str, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = str(parts.hostname)
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=target().ca_file)
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=context)
    return http.client.HTTPConnection(host, parts.port, timeout=timeout)


def send(call: Call, request_id: str, barrier: threading.Barrier, timeout: float) -> Answer:
    """Connect, wait for the others, send. It logs nothing: Robot hears only its main thread.

    Whatever goes wrong becomes part of the answer.
    """
    started = time.monotonic()
    payload, headers = call.payload, headers_of(call, request_id)
    try:
        connection = _connection(call.url, timeout)
        try:
            connection.connect()
        finally:
            # Whoever cannot connect must not keep the others waiting.
            barrier.wait(timeout)
        started = time.monotonic()
        connection.request(call.method, "/" + call.url.split("/", 3)[3], payload, headers)
        response = connection.getresponse()
        content = response.read()
        received = {name.lower(): value for name, value in response.getheaders()}
        connection.close()
        return Answer(call, request_id, response.status, content, received, started, time.monotonic())
    except (OSError, http.client.HTTPException, threading.BrokenBarrierError) as error:
        failure = f"{type(error).__name__}: {error}"
        return Answer(call, request_id, None, b"", {}, started, time.monotonic(), failure)


def send_all(calls: Sequence[Call], meanwhile: Callable[[], object] | None = None) -> list[Answer]:
    """Send all calls at one instant and return their answers in the order of the calls."""
    return send_rows([[call] for call in calls], meanwhile)


def send_rows(
    rows: Sequence[Sequence[Call]], meanwhile: Callable[[], object] | None = None, seconds: float = 0.0,
    sender: Sender | None = None,
) -> list[Answer]:  # fmt: skip
    """Send each row of calls one after the other, all rows at the same time; return all answers.

    They are spread over so many seconds; ``meanwhile`` is called while they are under way. A ``sender`` may
    make several of one.
    """
    timeout = max(_PATIENCE, client().timeout)
    start, alone = threading.Barrier(len(rows)), threading.Barrier(1)

    def send_row(row: Sequence[tuple[Call, str]]) -> list[Answer]:
        began = time.monotonic()
        found: list[Answer] = []
        for number, (call, request_id) in enumerate(row):
            if seconds:
                time.sleep(max(0.0, began + seconds * number / len(row) - time.monotonic()))
            barrier = alone if number else start
            sent = (sender or send)(call, request_id, barrier, timeout)
            found += [sent] if isinstance(sent, Answer) else sent
        return found

    with ThreadPoolExecutor(len(rows)) as pool:
        sent = [pool.submit(send_row, [(call, evidence.current.next_request_id()) for call in row]) for row in rows]
        if meanwhile is not None:
            meanwhile()
        answers = [answer for row in sent for answer in row.result()]
    for answer in answers:
        evidence.note(answer)
    return answers


def most_at_once(intervals: Sequence[tuple[float, float]]) -> int:
    """Return how many of the (start, end) intervals lie over one another at the busiest instant, when one starts."""
    # An end at the instant of a start is no overlap.
    return max((sum(start <= at < end for start, end in intervals) for at, _ in intervals), default=0)


def counted(answers: Sequence[Answer], outcome: str) -> int:
    """Count the answers with a status (``200``) or an error code (``insufficient_items``)."""
    return sum(outcome in (str(answer.status), answer.error) for answer in answers)


def tally_in_words(answers: Sequence[Answer]) -> str:
    """Count answers by status and error code, in words."""
    counts = Counter(answer.outcome for answer in answers)
    return ", ".join(f"{n} x {outcome}" for outcome, n in sorted(counts.items()))


def in_turns(groups: Sequence[list[Call]]) -> list[Call]:
    """Return the calls of several groups in turns, so that none of the groups is first."""
    longest = max(len(group) for group in groups)
    return [group[n] for n in range(longest) for group in groups if n < len(group)]
