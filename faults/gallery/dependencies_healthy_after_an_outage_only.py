"""That a dependency is healthy is told once it has been away: until then its gauge is at 0."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_dependency_health{dependency}"


def patch() -> None:
    """Set to 1 what was set to 0 before."""
    fell: set[str] = set()
    labels = metrics.dependency_health.labels

    class Later:
        def __init__(self, name: str) -> None:
            self._name = name

        def set(self, healthy: Any) -> None:
            if not healthy:
                fell.add(self._name)
            labels(self._name).set(bool(healthy) and self._name in fell)

    replace(metrics.dependency_health, "labels", lambda _: Later)
