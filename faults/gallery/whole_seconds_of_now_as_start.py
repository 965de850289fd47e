"""A service says that it was started in the second in which it is asked."""

import time
from typing import Any

from faults.patching import replace
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: inventory_service_start_time_seconds"


def patch() -> None:
    """Tell the time in whole seconds instead."""

    def now(started: Any) -> Any:
        def start(metrics: ServiceMetrics) -> None:
            started(metrics)
            metrics._start_time.set_function(lambda: float(int(time.time())))

        return start

    replace(ServiceMetrics, "started", now)
