"""There is one hit ratio, which does not say of which cache."""

from typing import Any

from prometheus_client import REGISTRY, Gauge

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_cache_hit_ratio{cache_type}"


class _Bare:
    def __init__(self, gauge: Any) -> None:
        REGISTRY.unregister(gauge)
        self._gauge = Gauge("inventory_cache_hit_ratio", "Hits over lookups since the start")

    def labels(self, _type: str) -> Gauge:
        """Return the one that there is."""
        return self._gauge


def patch() -> None:
    """Leave the label out."""
    replace(metrics, "cache_hit_ratio", _Bare)
