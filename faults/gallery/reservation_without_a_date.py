"""When a reservation was made is told as nothing."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.8 S: reservation_date is told"


def patch() -> None:
    """Forget the date."""

    def undated(find: Any) -> Any:
        async def found(self: Any, raw: str) -> Any:
            answer = await find(self, raw)
            answer.reservation_date = None
            return answer

        return found

    replace(InventoryService, "reservation", undated)
