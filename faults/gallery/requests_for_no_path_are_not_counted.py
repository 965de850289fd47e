"""Requests for paths that are not there are not counted: the metrics hang on the routes."""

from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 H: an unknown path is one pattern"


def patch() -> None:
    """Count what has a route."""

    def of_routes(observe: Any) -> Any:
        def observed(self: Any, method: str, endpoint: str, status: int, seconds: float) -> None:
            if endpoint != "unmatched":
                observe(self, method, endpoint, status, seconds)

        return observed

    replace(ServiceMetrics, "observe", of_routes)
