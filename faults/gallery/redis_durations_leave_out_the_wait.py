"""What is observed of a round trip to Redis is how long it took to ask."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_redis_command_duration_seconds"


def patch() -> None:
    """Observe the time until the command was sent."""

    def short(observe: Any) -> Any:
        return lambda command, seconds, ok: observe(command, min(seconds, 0.0001), ok)

    replace(metrics, "observe_redis", short)
