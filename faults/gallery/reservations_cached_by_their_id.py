"""A reservation that was asked for is cached under its own id, which nobody drops who drops a player's keys."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService
from services.inventory.store import CACHE

RULE = "5.3 S: what is cached of a player stands under inventory:{user_id}:"


def patch() -> None:
    """Name the player only after the reservation."""

    def keeping(read: Any) -> Any:
        async def reservation(service: InventoryService, raw: str) -> Any:
            found = await read(service, raw)
            key = f"reservation:{found.operation_id}:{found.user_id}"
            await service._store._run("set_reservation", ("SELECT", CACHE), ("SET", key, found.status, "EX", 60))
            return found

        return reservation

    replace(InventoryService, "reservation", keeping)
