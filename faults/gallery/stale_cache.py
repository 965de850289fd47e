"""A player's inventory is kept, and nothing drops it when the ledger changes."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "law 6: after a 200 the next GET shows it"


def patch() -> None:
    """Remember the first answer for each player and section."""
    kept: dict[object, object] = {}

    def remembering(read: Any) -> Any:
        async def remembered(service: InventoryService, user: Any, code: Any, *rest: Any) -> Any:
            if (user, code) not in kept:
                kept[user, code] = await read(service, user, code, *rest)
            return kept[user, code]

        return remembered

    replace(InventoryService, "inventory", remembering)
