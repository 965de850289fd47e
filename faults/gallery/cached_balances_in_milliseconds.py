"""How long a balance took that was cached is observed in milliseconds."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "6.2 S: durations are in seconds"


class _Thousandfold:
    def __init__(self, histogram: Any) -> None:
        self._histogram = histogram

    def observe(self, seconds: float) -> None:
        self._histogram.observe(seconds * 1000)


def patch() -> None:
    """Observe a thousand times as much."""
    replace(service, "_balance_from_cache", _Thousandfold)
