"""An adjustment by more than a million is refused."""

from typing import Any

from faults.patching import replace
from services.common.errors import invalid
from services.inventory import schemas
from services.inventory.service import InventoryService

RULE = "4.9 S: an adjustment is by any number but 0"
_MOST = 1_000_000


def patch() -> None:
    """Take more for a slip of the hand."""

    def modest(adjust: Any) -> Any:
        async def adjust_a_little(service: InventoryService, admin: Any, body: schemas.Adjust, request: Any) -> Any:
            for position, line in enumerate(body.items):
                if abs(line.quantity_change) > _MOST:
                    raise invalid(f"items[{position}].quantity_change", f"must be between -{_MOST} and {_MOST}")
            return await adjust(service, admin, body, request)

        return adjust_a_little

    replace(InventoryService, "adjust", modest)
