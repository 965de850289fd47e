"""A reservation is looked for by the letters of its id: in capitals there is none."""

from typing import Any
from uuid import UUID

from faults.patching import replace
from services.inventory.service import InventoryService, _no_reservation

RULE = "4.8 H: 200 for a reservation that exists"


def patch() -> None:
    """Find it under small letters only."""

    def as_spelled(find: Any) -> Any:
        async def found(self: Any, raw: str) -> Any:
            if raw != raw.lower():
                raise _no_reservation(UUID(raw), reservation_exists=False)
            return await find(self, raw)

        return found

    replace(InventoryService, "reservation", as_spelled)
