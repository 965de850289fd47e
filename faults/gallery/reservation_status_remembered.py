"""A reservation's status is told as it was when somebody asked first."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.8 S, law 6: after a 200 the reservation's status shows it"


def patch() -> None:
    """Keep the answers."""
    kept: dict[str, Any] = {}

    def remembering(read: Any) -> Any:
        async def remembered(service: InventoryService, raw: str) -> Any:
            if raw not in kept:
                kept[raw] = await read(service, raw)
            return kept[raw]

        return remembered

    replace(InventoryService, "reservation", remembering)
