"""A shortage is counted where it is found, and once more where it is told."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "6.2 S: counters count each request once"


def patch() -> None:
    """Tell it twice."""

    def twice(tell: Any) -> Any:
        async def tell_twice(*args: Any) -> Any:
            await tell(*args)
            return await tell(*args)

        return tell_twice

    replace(InventoryService, "_insufficient", twice)
