"""The length of a comment is counted in units of UTF-16, of which some characters need two."""

from typing import Any

from faults.patching import replace
from services.common.errors import invalid
from services.inventory.service import InventoryService

RULE = "4.4 S: a comment has up to 500 characters"


def patch() -> None:
    """Count units."""

    def narrow(add: Any) -> Any:
        async def count_and_add(service: InventoryService, body: Any) -> Any:
            if body.comment is not None and len(body.comment.encode("utf-16-le")) > 1000:
                raise invalid("comment", "must have at most 500 characters")
            return await add(service, body)

        return count_and_add

    replace(InventoryService, "add_items", narrow)
