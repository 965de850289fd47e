"""Operations are counted when items are added, and at no other call."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_operations_total{operation_type,section,status}"


class _Additions:
    """Counts what counts."""

    def __init__(self, counter: Any) -> None:
        self._counter = counter

    def labels(self, kind: str, section: str, status: str) -> Any:
        """Return the counter of an addition, and one that nobody sees for anything else."""
        seen = kind not in ("factory_reservation", "factory_return", "factory_consumption", "admin_adjustment")
        return self._counter.labels(kind if seen else "chest_reward", section, status)


def patch() -> None:
    """Count the others as additions."""
    replace(metrics, "operations", _Additions)
