"""Asks one question again and again, from a thread of its own, while something else is done."""

from __future__ import annotations

import threading
import time

from libraries.calls import together
from reporting.answers import Answer, Call

_POLL_SECONDS = 0.05
_PATIENCE = 10.0
# For how long it is asked on, at most, until it is well again.
_AFTERWARDS_SECONDS = 5.0


class Watch:
    """A context in which a call is sent all the time, and until it succeeds after that; ``answers`` are what it got.

    Callers who are busy could all be waiting for something else just then.
    """

    def __init__(self, call: Call) -> None:
        self.answers: list[Answer] = []
        self._call = call
        self._ended = float("inf")
        self._thread = threading.Thread(target=self._ask, name="watch", daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._ended = time.monotonic()
        self._thread.join()

    def _ask(self) -> None:
        while True:
            one = together.send(self._call, f"watch.{len(self.answers)}", threading.Barrier(1), _PATIENCE)
            self.answers.append(one)
            if one.started > self._ended and (one.status == 200 or one.ended > self._ended + _AFTERWARDS_SECONDS):
                return
            time.sleep(_POLL_SECONDS)
