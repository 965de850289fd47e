"""A refused reservation is refused again under its id, whatever the player has by then."""

from typing import Any
from uuid import UUID

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "law 5, 4.5 S: a refusal left nothing behind"


def patch() -> None:
    """Remember refusals by the operation."""
    refused: dict[UUID, Refusal] = {}

    def remembering(reserve: Any) -> Any:
        async def reserve_or_remember(service: InventoryService, body: Any) -> Any:
            if body.operation_id in refused:
                raise refused[body.operation_id]
            try:
                return await reserve(service, body)
            except Refusal as refusal:
                refused[body.operation_id] = refusal
                raise

        return reserve_or_remember

    replace(InventoryService, "reserve", remembering)
