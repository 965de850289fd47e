"""Only what was found in a cache is counted as one of its operations."""

from typing import Any

from faults.patching import replace
from services.inventory.metrics import HitRatio

RULE = "6.2 S: inventory_cache_operations_total{operation,cache_type,status}"


def patch() -> None:
    """Let a miss count in the ratio alone."""

    def glad(record: Any) -> Any:
        def record_gladly(ratio: HitRatio, hit: bool) -> None:
            if hit:
                record(ratio, hit)
            else:
                ratio._lookups += 1

        return record_gladly

    replace(HitRatio, "record", glad)
