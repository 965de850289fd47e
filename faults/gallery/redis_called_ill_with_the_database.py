"""Redis is asked only once the database has answered, and is called ill with it."""

from typing import Any

from faults.patching import replace
from services.inventory.health import Health

RULE = "6.2 S: inventory_dependency_health tells of each dependency for itself"


def patch() -> None:
    """Let the answer for Redis wait for that of the database."""

    def spared(make: Any) -> Any:
        def init(health: Any, database: Any, store: Any, *rest: Any) -> None:
            make(health, database, store, *rest)
            health._store = _After(database, store)

        return init

    replace(Health, "__init__", spared)


class _After:
    def __init__(self, database: Any, store: Any) -> None:
        self._database, self._store = database, store

    async def answers(self) -> bool:
        return bool(await self._database.answers()) and bool(await self._store.answers())
