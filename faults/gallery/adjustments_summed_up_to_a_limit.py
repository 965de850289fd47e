"""What an adjustment changes is added up line by line, and never beyond a limit: what comes afterwards counts anew."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.9 S, law 2: below zero, in any section, is refused"
LIMIT = 2**62


def patch() -> None:
    """Stop at the limit, and write one line where the lines make less than what comes out."""

    def limited(original: Any) -> Any:
        async def adjust(self: Any, admin: Any, body: Any, request_id: Any) -> Any:
            change = 0
            for one in body.items:
                change = max(-LIMIT, min(LIMIT, change + one.quantity_change))
            if sum(one.quantity_change for one in body.items) < 0 <= change:
                body.items[0].quantity_change = 1
                del body.items[1:]
            return await original(self, admin, body, request_id)

        return adjust

    replace(InventoryService, "adjust", limited)
