"""A reservation of what is unknown is refused like one of which there is too little."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.1 H: the code is validation_failed and the message names the field"


def patch() -> None:
    """Say that there are none."""

    def vague(reserve: Any) -> Any:
        async def reserve_vaguely(service: InventoryService, body: Any) -> Any:
            try:
                return await reserve(service, body)
            except Refusal as refusal:
                if refusal.code != "validation_failed":
                    raise
                raise Refusal(400, "insufficient_items", "there are none", extra={"missing_items": []}) from None

        return reserve_vaguely

    replace(InventoryService, "reserve", vague)
