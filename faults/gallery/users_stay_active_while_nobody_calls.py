"""Who has called counts as active until somebody else calls, however long that takes."""

from typing import Any

from faults.patching import replace
from services.inventory.metrics import ActiveUsers

RULE = "6.2 S: gauges come back down"


def patch() -> None:
    """Count without looking at the clock."""

    def late(_: Any) -> Any:
        def count(self: Any) -> float:
            return float(len(self._now | self._before))

        return count

    replace(ActiveUsers, "count", late)
