"""Currencies and keys cannot be reserved."""

from typing import Any

from faults.patching import replace
from services.common.errors import invalid
from services.inventory import schemas
from services.inventory.service import InventoryService

RULE = "4.5 S: a reservation moves items, of whichever class"
_NOT_FOR_THE_FACTORY = {"currencies", "keys"}


def patch() -> None:
    """Take for a mistake what nothing is made of."""

    def choosy(reserve: Any) -> Any:
        async def reserve_some(service: InventoryService, body: schemas.Reserve) -> Any:
            items = (await service.catalogue()).items
            for position, line in enumerate(body.items):
                if line.item_id in items and items[line.item_id].item_class in _NOT_FOR_THE_FACTORY:
                    raise invalid(f"items[{position}].item_id", "the factory works with no such item")
            return await reserve(service, body)

        return reserve_some

    replace(InventoryService, "reserve", choosy)
