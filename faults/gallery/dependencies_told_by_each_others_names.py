"""The state of PostgreSQL is told under the name of Redis, and the other way round."""

from typing import Any

from faults.patching import replace
from services.inventory.health import Health

RULE = "6.2 S: inventory_dependency_health tells of each dependency for itself"


def patch() -> None:
    """Ask the one for the other."""

    def confused(init: Any) -> Any:
        return lambda health, database, store, *more: init(health, store, database, *more)

    replace(Health, "__init__", confused)
