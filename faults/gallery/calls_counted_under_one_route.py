"""Every call about an inventory is counted under one route."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: http_requests_total{endpoint} is the route's pattern"


def patch() -> None:
    """Tell them apart by their methods alone."""

    def alike(observe: Any) -> Any:
        def observe_alike(metrics: ServiceMetrics, method: str, endpoint: str, status: int, seconds: float) -> None:
            observe(metrics, method, "/inventory" if "inventory" in endpoint else endpoint, status, seconds)

        return observe_alike

    replace(ServiceMetrics, "observe", alike)
