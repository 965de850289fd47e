"""Calls about an inventory are counted under what their router was found by, before it has found their own route."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: http_requests_total{endpoint} is the route's pattern"


def patch() -> None:
    """Name the wildcard."""

    def wild(observe: Any) -> Any:
        def observe_wild(metrics: ServiceMetrics, method: str, endpoint: str, status: int, seconds: float) -> None:
            observe(metrics, method, "/inventory/*" if "inventory" in endpoint else endpoint, status, seconds)

        return observe_wild

    replace(ServiceMetrics, "observe", wild)
