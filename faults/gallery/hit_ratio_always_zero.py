"""The hit ratio is worked out in whole numbers."""

from typing import Any

from faults.patching import replace
from services.inventory.metrics import HitRatio

RULE = "6.2 S: inventory_cache_hit_ratio is the share of what was found"


def patch() -> None:
    """Divide as if there were no fractions."""

    def whole(_ratio: Any) -> Any:
        return lambda cache: cache._hits // (cache._lookups + 1)

    replace(HitRatio, "ratio", whole)
