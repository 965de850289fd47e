"""A balance is told as a floating-point number would hold it."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "law 1: current balance = the sum of all its rows"


def patch() -> None:
    """Let each quantity pass through a float."""

    def rounded(read: Any) -> Any:
        async def read_rounded(*args: Any) -> Any:
            return [(key, int(float(quantity))) for key, quantity in await read(*args)]

        return read_rounded

    replace(InventoryService, "_with_today", rounded)
    replace(InventoryService, "_from_ledger", rounded)
