"""Free loopback ports outside the range from which the kernel serves outgoing connections."""

from __future__ import annotations

import random
import socket
from pathlib import Path

from .errors import StackError

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


class Ports:
    """Hands out ports, none twice; ``fixed`` maps a purpose such as ``inventory`` to a wanted port."""

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
            if port not in self._used and is_free(port):
                self._used.add(port)
                return port
        raise StackError(f"no free port found for {purpose} on {HOST}")
