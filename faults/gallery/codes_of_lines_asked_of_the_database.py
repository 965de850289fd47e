"""Collections and quality levels are looked for in the database, which fails at a text that it cannot hold."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.1 S: bad input is a 4xx, never a 5xx"
FIND = "SELECT id FROM inventory.classifier_items WHERE code = ANY($1)"


def patch() -> None:
    """Ask it first."""

    def asking(find: Any) -> Any:
        async def ask_and_find(service: InventoryService, items: Any) -> Any:
            codes = [code for item in items for code in (item.collection, item.quality_level) if code]
            await service._database.rows("code", FIND, codes)
            return await find(service, items)

        return ask_and_find

    replace(InventoryService, "_lines", asking)
