"""An inventory that comes from the cache is in the order in which things came."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.3 H: items are in the same order each time"


def patch() -> None:
    """Put what came today first."""

    def shuffled(read: Any) -> Any:
        async def read_shuffled(service: InventoryService, user: Any, section: Any, today: Any, cached: Any) -> Any:
            balances = await read(service, user, section, today, cached)
            closed = {key for key, _ in cached}
            return sorted(balances, key=lambda one: one[0] in closed)

        return read_shuffled

    replace(InventoryService, "_with_today", shuffled)
