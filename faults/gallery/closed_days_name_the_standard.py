"""What comes from the cached day is told with the codes that it was stored with, the standard one too."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.3 S: collection and quality level are left out for the standard variant"


def patch() -> None:
    """Name both codes in what the cache has given."""

    def careless(read: Any) -> Any:
        async def read_as_stored(service: Any, user: Any, code: str, section: Any, today: Any, cached: Any) -> bytes:
            answer: bytes = await read(service, user, code, section, today, cached)
            return answer.replace(b'"quantity"', b'"quality_level":"base","quantity"', 1) if cached else answer

        return read_as_stored

    replace(InventoryService, "inventory", careless)
