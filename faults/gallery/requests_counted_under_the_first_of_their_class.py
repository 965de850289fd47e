"""A request is counted under the first status of its class that the route was ever answered with."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: http_requests_total{method,endpoint,status}"


def patch() -> None:
    """Keep a series for each class of statuses."""
    kept: dict[tuple[str, str, int], Any] = {}

    def by_class(series_of: Any) -> Any:
        def remembered(metrics: ServiceMetrics, method: str, endpoint: str, status: int) -> Any:
            key = (method, endpoint, status // 100)
            if key not in kept:
                kept[key] = series_of(metrics, method, endpoint, status)
            return kept[key]

        return remembered

    replace(ServiceMetrics, "_series_of", by_class)
