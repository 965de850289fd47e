"""A request is counted under the first status of its class that the route was ever answered with."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: http_requests_total{method,endpoint,status}"


def patch() -> None:
    """Keep a series for each class of statuses."""
    first: dict[tuple[str, str, int], int] = {}

    def by_class(observe: Any) -> Any:
        def observed(metrics: ServiceMetrics, method: str, endpoint: str, status: int, seconds: float) -> None:
            observe(metrics, method, endpoint, first.setdefault((method, endpoint, status // 100), status), seconds)

        return observed

    replace(ServiceMetrics, "observe", by_class)
