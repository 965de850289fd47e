"""What is observed of a balance that is worked out is how long our own part of it took."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "6.2 S: inventory_balance_calculation_duration_seconds"


class _Short:
    def __init__(self, histogram: Any) -> None:
        self._histogram = histogram

    def observe(self, seconds: float) -> None:
        self._histogram.observe(min(seconds, 0.0001))


def patch() -> None:
    """Leave out what PostgreSQL takes."""
    replace(service, "_balance_from_ledger", _Short)
