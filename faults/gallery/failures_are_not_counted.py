"""Requests that fail for the service's own reasons are in no counter and no histogram."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: each request is counted once, by its status"


def patch() -> None:
    """Count what was answered well, or refused."""

    def sparing(observe: Any) -> Any:
        def observe_some(metrics: ServiceMetrics, method: str, endpoint: str, status: int, seconds: float) -> None:
            if status < 500:
                observe(metrics, method, endpoint, status, seconds)

        return observe_some

    replace(ServiceMetrics, "observe", sparing)
