"""Each process knows the operations that it wrote itself, so that a repeat at another instance is written again."""

from typing import Any
from uuid import UUID

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.11 H: the same call again writes nothing, also at another instance"
SQL = [("earlier", "WHERE operation_id = p_operation)", "WHERE false)")]


def patch() -> None:
    """Keep answers in memory."""
    for call in ("add_items", "reserve"):
        replace(InventoryService, call, _remembering)


def _remembering(write: Any) -> Any:
    written: dict[UUID, Any] = {}

    async def write_once(service: InventoryService, body: Any) -> Any:
        if body.operation_id not in written:
            written[body.operation_id] = await write(service, body)
        return written[body.operation_id]

    return write_once
