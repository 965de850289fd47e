"""A reservation that was asked for is kept in the cache, and nothing ever ends it."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService
from services.inventory.store import CACHE

RULE = "5.3 S: anything is cached up to 24 h"


def patch() -> None:
    """Keep it under its owner's name."""

    def keeping(read: Any) -> Any:
        async def reservation(service: InventoryService, raw: str) -> Any:
            found = await read(service, raw)
            key = f"inventory:{found.user_id}:reservation:{found.operation_id}"
            await service._store._run("set_reservation", ("SELECT", CACHE), ("SET", key, found.status))
            return found

        return reservation

    replace(InventoryService, "reservation", keeping)
