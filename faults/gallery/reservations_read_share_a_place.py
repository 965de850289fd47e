"""What a reservation is asked by is kept for all requests together: of two at once both get the later one."""

import asyncio
from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.8 S: a reservation's own id, items and status"


def patch() -> None:
    """Keep it while others are let in."""
    asked = [""]

    def shared(original: Any) -> Any:
        async def reservation(self: Any, raw: str) -> Any:
            asked[0] = raw
            await asyncio.sleep(0.001)
            return await original(self, asked[0])

        return reservation

    replace(InventoryService, "reservation", shared)
