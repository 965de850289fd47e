"""A refusal for want of items counts as often as items were lacking."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_insufficient_balance_errors_total counts errors"


class _Many:
    def __init__(self, counter: Any) -> None:
        self._counter = counter

    def labels(self, *values: str) -> Any:
        """Return a counter of a million."""
        chosen = self._counter.labels(*values)
        return type("Chosen", (), {"inc": staticmethod(lambda: chosen.inc(1_000_000))})


def patch() -> None:
    """Count a million at a time."""
    replace(metrics, "insufficient", _Many)
