"""A section is looked up in an object that has members of its own from the beginning."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.3 S: an unknown section is bad input"


def patch() -> None:
    """Find the constructor, and fail with it."""

    def found(section: Any) -> Any:
        async def look_up(service: InventoryService, code: str) -> Any:
            if code in ("constructor", "toString", "__proto__"):
                raise TypeError(f"{code} is no section")
            return await section(service, code)

        return look_up

    replace(InventoryService, "section", found)
