"""Sends prepared requests as fast as they are answered, over several connections at once, in one thread.

Per answer it costs a few microseconds of Python; :class:`Driven` says what share of its time that was, so that a
reader can see that the service was the limit and not the generator.
"""

from __future__ import annotations

import selectors
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.errors import BenchError
from benchmarks.wire import Wire, answer_length

_SECONDS = 60.0


@dataclass(frozen=True)
class Driven:
    """A number of calls, the seconds they took, and the share of them in which the generator itself was busy."""

    calls: int
    seconds: float
    busy: float

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds


class _Client:
    """One connection and what it has received of the answer that is due."""

    def __init__(self, url: str) -> None:
        self.wire = Wire(url)
        self.wire.socket.setblocking(False)
        self.received = b""

    def next_answer(self) -> bytes | None:
        """Return the whole answer, None while a part of it is missing."""
        self.received += self.wire.socket.recv(1 << 18)
        length = answer_length(self.received)
        if length is None or len(self.received) < length:
            return None
        whole, self.received = self.received, b""
        return whole


def drive(url: str, requests: Sequence[bytes], connections: int) -> Driven:
    """Send all requests, each connection its next one when the last is answered. Raises BenchError on a refusal."""
    clients = [_Client(url) for _ in range(connections)]
    selector = selectors.DefaultSelector()
    try:
        for client in clients:
            selector.register(client.wire.socket, selectors.EVENT_READ, client)
        return _drive(selector, clients, requests)
    finally:
        selector.close()
        for client in clients:
            client.wire.close()


def _drive(selector: selectors.BaseSelector, clients: Sequence[_Client], requests: Sequence[bytes]) -> Driven:
    left = iter(requests)
    started, busy = time.perf_counter(), time.process_time()
    for client in clients:
        client.wire.socket.send(next(left))
    answered = 0
    while answered < len(requests):
        ready = selector.select(_SECONDS)
        if not ready:
            raise BenchError(f"no answer came for {_SECONDS:g} s")
        for key, _ in ready:
            answer = key.data.next_answer()
            if answer is None:
                continue
            if answer[9:12] != b"200":
                raise BenchError(f"a call was refused: {answer[:400]!r}")
            answered += 1
            following = next(left, None)
            if following is not None:
                key.data.wire.socket.send(following)
    seconds = time.perf_counter() - started
    return Driven(answered, seconds, (time.process_time() - busy) / seconds)
