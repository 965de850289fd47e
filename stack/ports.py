"""Free loopback ports outside the range from which the kernel serves outgoing connections."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import socket
from functools import cache
from pathlib import Path

from .errors import StackError
from .places import places

HOST = "127.0.0.1"
_FIRST, _LAST = 15000, 65535
_ENOUGH = 500
_RANGE_FILE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def is_free(port: int) -> bool:
    """True when ``port`` can be bound on the loopback address right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a connection of an earlier run in TIME_WAIT must not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """True when something accepts connections on the loopback ``port``."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0


def _candidates() -> list[range]:
    try:
        low, high = (int(word) for word in _RANGE_FILE.read_text().split())
    except (OSError, ValueError):
        low, high = 32768, 60999
    outside = [range(_FIRST, min(low, _LAST + 1)), range(max(high + 1, _FIRST), _LAST + 1)]
    wide = [ports for ports in outside if len(ports) >= _ENOUGH]
    return wide or [range(_FIRST, _LAST + 1)]


@cache
def _handed_out(home: Path, _process: int) -> tuple[int, set[int]]:
    """The file in which each process of this user locks the byte of a port that it has handed out, and which it has.

    Kept open: closing it would give up all of them. They end with the process, however it ends.
    """
    return os.open(home / "ports.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), set()


def _reserve(port: int) -> bool:
    """Keep a port from being handed out again before somebody listens there. False when it was handed out already."""
    file, mine = _handed_out(places().home, os.getpid())
    if port in mine:
        return False
    with contextlib.suppress(BlockingIOError, PermissionError):
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        mine.add(port)
        return True
    return False


class Ports:
    """Hands out ports, none twice, also not to two that start at once; ``fixed`` names wanted ones by purpose."""

    def __init__(self, fixed: dict[str, int] | None = None) -> None:
        self._fixed = dict(fixed or {})
        self._used = set(self._fixed.values())

    def take(self, purpose: str) -> int:
        """A free port; the fixed one for the first taker of that purpose. Raises StackError if taken."""
        wanted = self._fixed.pop(purpose, None)
        if wanted is not None:
            if not is_free(wanted):
                raise StackError(f"port {wanted} for {purpose} is taken: stop what listens there or choose another")
            return wanted
        for _ in range(200):
            port = random.choice(random.choice(_candidates()))
            if port not in self._used and is_free(port) and _reserve(port):
                return port
        raise StackError(f"no free port found for {purpose} on {HOST}")
