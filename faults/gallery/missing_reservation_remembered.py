"""That a reservation does not exist is remembered, and told also when it does."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.8 S: 200 for a reservation that exists"


def patch() -> None:
    """Keep the refusals."""
    kept: dict[str, Refusal] = {}

    def remembering(read: Any) -> Any:
        async def remembered(service: InventoryService, raw: str) -> Any:
            if raw in kept:
                raise kept[raw]
            try:
                return await read(service, raw)
            except Refusal as refusal:
                kept[raw] = refusal
                raise

        return remembered

    replace(InventoryService, "reservation", remembering)
