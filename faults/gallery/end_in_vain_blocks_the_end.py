"""An end that was refused is noted as under way for ever: the owner's own end of that reservation is a conflict."""

from typing import Any
from uuid import UUID

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.6 S: undoes an active reservation"


def patch() -> None:
    """Forget the note only of what went well."""
    under_way: set[UUID] = set()

    def once(end: Any) -> Any:
        async def ended(self: Any, body: Any, kind: str) -> Any:
            if body.operation_id in under_way:
                raise Refusal(409, "reservation_not_active", "this reservation is being returned or consumed")
            under_way.add(body.operation_id)
            answer = await end(self, body, kind)
            under_way.discard(body.operation_id)
            return answer

        return ended

    replace(InventoryService, "_end", once)
