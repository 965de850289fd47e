"""Sends calls as a balancer and a patient client do: to whoever takes them, and again when they fail (4.11)."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import replace

from history.records import AGAIN
from libraries.calls import together
from libraries.target.preparing import target
from reporting.answers import Answer, Call, origin_of

# How long instances are asked in turn for one that takes the connection, and how often.
_BALANCER_SECONDS = 10.0
_POLL_SECONDS = 0.02


def send_on(again_for: float, call: Call, request_id: str, start: threading.Barrier, timeout: float) -> list[Answer]:
    """Send a call as balancers do: who takes no connection was sent nothing, and another is asked.

    What has no answer then, or a 5xx, is sent again for so many seconds. Returns each answer.
    """
    alone, places, began = threading.Barrier(1), _everywhere(call), time.monotonic()
    answers: list[Answer] = []
    for number in itertools.count():
        name = f"{request_id}{AGAIN}{len(answers)}" if answers else request_id
        answer = together.send(places[number % len(places)], name, alone if number else start, timeout)
        passed = time.monotonic() - began
        if answer.is_unsent and passed < _BALANCER_SECONDS:
            time.sleep(_POLL_SECONDS if number % len(places) == len(places) - 1 else 0)
            continue
        answers.append(answer)
        if not answer.is_failed or passed > again_for:
            break
        told = answer.headers.get("retry-after", "")
        time.sleep(int(told) if told.isdecimal() else _POLL_SECONDS)
    return answers


def _everywhere(call: Call) -> list[Call]:
    """Return a call, and then the same at each other instance of the target."""
    origin, found = origin_of(call.url), [call]
    for part in ("public", "internal", "admin"):
        origins = [origin_of(str(getattr(one, part) or "")) for one in target().instances]
        if origin in origins:
            found += [replace(call, url=one + call.url.removeprefix(origin)) for one in origins if one != origin]
            break
    return found
