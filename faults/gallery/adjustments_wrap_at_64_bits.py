"""What an adjustment takes away is added up in 64 bits: much less than all is a gain."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.9 S, law 2: below zero, in any section, is refused"


def patch() -> None:
    """Add up as a machine does, and write one line of what comes out."""

    def wrapped(original: Any) -> Any:
        async def adjust(self: Any, admin: Any, body: Any, request_id: Any) -> Any:
            change = (sum(one.quantity_change for one in body.items) + 2**63) % 2**64 - 2**63
            if sum(one.quantity_change for one in body.items) < 0 <= change:
                body.items[0].quantity_change = 1
                del body.items[1:]
            return await original(self, admin, body, request_id)

        return adjust

    replace(InventoryService, "adjust", wrapped)
