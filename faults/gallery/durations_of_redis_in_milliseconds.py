"""The duration of Redis' round trips is observed in milliseconds."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: durations are in seconds"


def patch() -> None:
    """Observe a thousand times as much."""

    def in_milliseconds(observe: Any) -> Any:
        return lambda command, seconds, ok: observe(command, seconds * 1000, ok)

    replace(metrics, "observe_redis", in_milliseconds)
