"""The duration of requests is observed in milliseconds."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: durations are in seconds"


def patch() -> None:
    """Observe a thousand times as much."""

    def in_milliseconds(observe: Any) -> Any:
        def observe_more(metrics: ServiceMetrics, method: str, endpoint: str, status: int, seconds: float) -> None:
            observe(metrics, method, endpoint, status, seconds * 1000)

        return observe_more

    replace(ServiceMetrics, "observe", in_milliseconds)
