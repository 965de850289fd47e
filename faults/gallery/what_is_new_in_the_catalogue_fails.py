"""A code that the catalogue at hand does not have makes the call fail, while the newer catalogue is read."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.1 S: never a 5xx"


def patch() -> None:
    """Read it, and forget that somebody waits for it."""

    def failing(load: Any) -> Any:
        async def read(service: Any) -> Any:
            if await load(service) is not None:
                raise RuntimeError("the catalogue has changed")

        return read

    replace(InventoryService, "_newer_catalogue", failing)
