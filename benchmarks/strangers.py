"""Bad company for a service: strangers without a token who are silent, slow, endless, or send what is no HTTP.

Each is a generator that does a little of its mischief at every step; :func:`at_work` runs one in a process of its own.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import select
import socket
import time
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Event
from urllib.parse import urlsplit

from benchmarks.errors import BenchError

Stranger = Callable[[str], Iterator[None]]
_CHUNK = b"a" * 65536
_FILES = 4096
_STEP_SECONDS = 0.05


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    made = socket.create_connection((str(parts.hostname), parts.port or 80), timeout=5)
    made.setblocking(False)
    return made


def _trickle(count: int, start: bytes) -> Stranger:
    """So many connections that each send a byte at every step."""

    def stranger(url: str) -> Iterator[None]:
        lines = [_connected(url) for _ in range(count)]
        for line in lines:
            line.send(start)
        while True:
            for at, line in enumerate(lines):
                try:
                    line.send(b"a")
                except OSError:
                    line.close()
                    lines[at] = _connected(url)
                    lines[at].send(start)
            time.sleep(_STEP_SECONDS)
            yield

    return stranger


def _flood(count: int, start: bytes, filler: bytes) -> Stranger:
    """So many connections that send without end, anew when they are cut off; they read nothing."""

    def stranger(url: str) -> Iterator[None]:
        lines: dict[socket.socket, None] = {}
        while True:
            while len(lines) < count:
                line = _connected(url)
                line.send(start)
                lines[line] = None
            for line in select.select([], list(lines), [], _STEP_SECONDS)[1]:
                try:
                    line.send(filler)
                except OSError:
                    line.close()
                    del lines[line]
            yield

    return stranger


def _silent(count: int) -> Stranger:
    def stranger(url: str) -> Iterator[None]:
        lines = [_connected(url) for _ in range(count)]
        while lines:
            time.sleep(_STEP_SECONDS)
            yield

    return stranger


_REQUEST = b"POST /inventory/reserve HTTP/1.1\r\nHost: here\r\n"
KINDS: dict[str, Stranger] = {
    "2,000 silent connections": _silent(2000),
    "200 slow headers": _trickle(200, _REQUEST + b"X-Slow: "),
    "200 slow bodies": _trickle(200, _REQUEST + b"Content-Length: 100000\r\n\r\n"),
    "an endless header": _flood(1, _REQUEST + b"X-Long: ", _CHUNK),
    "an endless token": _flood(1, _REQUEST + b"Authorization: Bearer ", _CHUNK),
    "an endless body": _flood(1, _REQUEST + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + _CHUNK + b"\r\n"),
    "20 that pipeline garbage": _flood(20, b"", b"\x00\x01 garbage\r\n\r\n" * 200),
    "20 that pipeline unknown methods": _flood(20, b"", b"INVENTED /nowhere HTTP/1.1\r\nHost: here\r\n\r\n" * 50),
}


def _work(name: str, url: str, ready: Event) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, max(_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    parent = os.getppid()
    for _ in KINDS[name](url):
        ready.set()
        if os.getppid() != parent:
            return


@contextlib.contextmanager
def at_work(name: str | None, url: str) -> Iterator[None]:
    """Within the block a stranger of that kind, if any, bothers the listener at that address. Raises BenchError."""
    if name is None:
        yield
        return
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_work, args=(name, url, ready), daemon=True)
    process.start()
    try:
        if not ready.wait(30):
            raise BenchError(f"the stranger with {name} did not begin")
        yield
        # Beside one who has gone everybody would look well.
        if not process.is_alive():
            raise BenchError(f"the stranger with {name} ended before the others did")
    finally:
        process.kill()
        process.join()
