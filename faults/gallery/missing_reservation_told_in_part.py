"""Where an operation_id stands for something else, it is not told that there is no reservation of that id."""

from typing import Any
from uuid import UUID

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.8 S: 404 with reservation_exists false where there is no reservation"


def patch() -> None:
    """Leave reservation_exists to ids that are unknown."""

    def terse(read: Any) -> Any:
        async def read_tersely(service: InventoryService, raw: str) -> Any:
            try:
                return await read(service, raw)
            except Refusal as refusal:
                if refusal.status == 404 and await service._ledger.reservation(UUID(raw)):
                    del refusal.body["reservation_exists"]
                raise

        return read_tersely

    replace(InventoryService, "reservation", terse)
