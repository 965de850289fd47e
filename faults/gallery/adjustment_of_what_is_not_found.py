"""An adjustment of what is unknown is refused as of an item that was not found."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.1 H: the code is validation_failed and the message names the field"


def patch() -> None:
    """Say so whatever it is."""

    def vague(find: Any) -> Any:
        async def find_vaguely(service: InventoryService, items: Any) -> Any:
            try:
                return await find(service, items)
            except Refusal as refusal:
                if not hasattr(items[0], "quantity_change"):
                    raise
                raise Refusal(400, "item_not_found", "there is no such item") from refusal

        return find_vaguely

    replace(InventoryService, "_lines", vague)
