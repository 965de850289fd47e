"""A request that fails for the service's own reasons is counted, and how long it took is not observed."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: durations of requests"


def patch() -> None:
    """Observe durations where no failure passes by."""

    def sparing(observe: Any) -> Any:
        def observe_some(metrics: ServiceMetrics, method: str, endpoint: str, status: int, seconds: float) -> None:
            if status < 500:
                observe(metrics, method, endpoint, status, seconds)
            else:
                metrics._series(method, endpoint, status)[0].inc()

        return observe_some

    replace(ServiceMetrics, "observe", sparing)
