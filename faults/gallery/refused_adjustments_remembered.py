"""An adjustment's id is remembered before it is judged, and what was refused under it is refused for ever."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "law 5 S: a refusal leaves nothing behind"
_refused: dict[Any, Refusal] = {}


def patch() -> None:
    """Tell who asks again what was told before."""

    def forgetless(adjust: Any) -> Any:
        async def once(service: InventoryService, admin: Any, body: Any, request_id: Any) -> Any:
            if body.operation_id in _refused:
                raise _refused[body.operation_id]
            try:
                return await adjust(service, admin, body, request_id)
            except Refusal as refusal:
                if body.operation_id:
                    _refused[body.operation_id] = refusal
                raise

        return once

    replace(InventoryService, "adjust", forgetless)
