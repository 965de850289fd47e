"""Whatever section is short, the shortage is counted in main."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "6.2 S: inventory_insufficient_balance_errors_total{section,item_class}"


def patch() -> None:
    """Take main for the section."""

    def careless(tell: Any) -> Any:
        async def tell_of_main(service: InventoryService, shortages: Any, _: str) -> Any:
            return await tell(service, shortages, "main")

        return tell_of_main

    replace(InventoryService, "_insufficient", careless)
