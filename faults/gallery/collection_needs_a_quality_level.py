"""A collection is heard of only beside a quality level."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.3 S: variants are kept apart"


def patch() -> None:
    """Forget the collection of lines that name no quality level."""

    def forgetful(resolve: Any) -> Any:
        async def resolve_all(service: InventoryService, items: Any) -> Any:
            for item in items:
                if item.quality_level is None:
                    item.collection = None
            return await resolve(service, items)

        return resolve_all

    replace(InventoryService, "_lines", forgetful)
