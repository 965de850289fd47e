"""The length of a reason is counted in bytes, so that some languages have half of it."""

from typing import Any

from faults.patching import replace
from services.common.errors import invalid
from services.inventory.service import InventoryService

RULE = "4.9 S: a reason has 10 to 500 characters"


def patch() -> None:
    """Count bytes."""

    def narrow(adjust: Any) -> Any:
        async def count_and_adjust(service: InventoryService, admin: Any, body: Any, request_id: Any) -> Any:
            if len(body.reason.encode()) > 500:
                raise invalid("reason", "must have 10 to 500 characters")
            return await adjust(service, admin, body, request_id)

        return count_and_adjust

    replace(InventoryService, "adjust", narrow)
