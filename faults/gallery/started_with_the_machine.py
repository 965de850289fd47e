"""A service says that it was started when the machine was."""

import time
from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: inventory_service_start_time_seconds"


def patch() -> None:
    """Tell another start."""

    def long_ago(started: Any) -> Any:
        def start(metrics: ServiceMetrics) -> None:
            started(metrics)
            metrics._start_time.set(time.time() - time.monotonic())

        return start

    replace(ServiceMetrics, "started", long_ago)
