"""How many connections there are is told as it was when the service started: there were none yet."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_database_connections, inventory_redis_connections"


def patch() -> None:
    """Ask once."""

    def once(labels: Any) -> Any:
        def label(state: str) -> Any:
            replace(gauge := labels(state), "set_function", lambda _: lambda count: gauge.set(count()))
            return gauge

        return label

    replace(metrics.database_connections, "labels", once)
    replace(metrics.redis_connections, "labels", once)
