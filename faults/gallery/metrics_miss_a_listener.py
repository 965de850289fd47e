"""Only the public listener counts its requests."""

from typing import Any

from faults.patching import replace
from services.common.http import Observed
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: counters count each request once, on every listener"
SHAPE = "split"


def patch() -> None:
    """Leave the second listener out."""

    def forgetful(_: Any) -> Any:
        def observed(metrics: ServiceMetrics, app: Any) -> Observed:
            metrics._listeners.append(Observed(app, metrics.observe if not metrics._listeners else None))
            return metrics._listeners[-1]

        return observed

    replace(ServiceMetrics, "observed", forgetful)
