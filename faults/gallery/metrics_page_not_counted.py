"""Requests for the metrics are not counted."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: counters count each request once, on every listener"


def patch() -> None:
    """Leave out those for the page."""

    def forgetful(observe: Any) -> Any:
        def observe_others(metrics: ServiceMetrics, method: str, endpoint: str, status: int, seconds: float) -> None:
            if endpoint != "/metrics":
                observe(metrics, method, endpoint, status, seconds)

        return observe_others

    replace(ServiceMetrics, "observe", forgetful)
