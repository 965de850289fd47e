"""The duration of a request that was refused is not observed."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: durations of requests"


def patch() -> None:
    """Count a refusal, and leave its duration out."""

    def partial(observe: Any) -> Any:
        def observe_some(metrics: ServiceMetrics, method: str, endpoint: str, status: int, seconds: float) -> None:
            if status < 400:
                observe(metrics, method, endpoint, status, seconds)
            else:
                metrics._series(method, endpoint, status)[0].inc()

        return observe_some

    replace(ServiceMetrics, "observe", partial)
