"""An adjustment of the section trade is written to the standard collection."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.9 S: rows of the variant that was named"


def patch() -> None:
    """Leave the collection out."""

    def forgetful(adjust: Any) -> Any:
        async def adjust_any(service: InventoryService, admin: Any, body: Any, *rest: Any) -> Any:
            if body.section == "trade":
                for item in body.items:
                    item.collection = None
            return await adjust(service, admin, body, *rest)

        return adjust_any

    replace(InventoryService, "adjust", forgetful)
