"""A reservation is looked for by whatever the path says, also by what the database cannot hold."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.1 S, 4.8 S: bad input is a 4xx, never a 5xx"
FIND = "SELECT id FROM inventory.operations WHERE operation_id::text = $1 AND created_at > 'infinity'"


def patch() -> None:
    """Ask before it is known to be an id."""

    def asking(read: Any) -> Any:
        async def ask_and_read(service: InventoryService, raw: str) -> Any:
            await service._database.rows("reservation", FIND, raw)
            return await read(service, raw)

        return ask_and_read

    replace(InventoryService, "reservation", asking)
