"""What the guard of services' and administrators' calls refuses is not counted: it stands before the metrics."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: counters count each request once"
_GUARDED = ("/reserve", "/adjust", "/add-items", "-reserve")


def patch() -> None:
    """Leave those out."""

    def after_the_guard(observe: Any) -> Any:
        def observed(self: Any, method: str, endpoint: str, status: int, seconds: float) -> None:
            if not (status == 401 and endpoint.endswith(_GUARDED)):
                observe(self, method, endpoint, status, seconds)

        return observed

    replace(ServiceMetrics, "observe", after_the_guard)
