"""An adjustment whose operation id is the UUID of nothing gets an id of its own each time."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.11 H: the same call again is answered with the first answer's operation_ids"


def patch() -> None:
    """Take it for an id that was left out."""

    def adjusted(adjust: Any) -> Any:
        async def adjust_anew(service: InventoryService, admin: Any, body: Any, *args: Any) -> Any:
            if body.operation_id is not None and not body.operation_id.int:
                body.operation_id = None
            return await adjust(service, admin, body, *args)

        return adjust_anew

    replace(InventoryService, "adjust", adjusted)
