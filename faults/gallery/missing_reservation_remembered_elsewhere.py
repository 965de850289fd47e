"""A reservation that is not there is not asked for again for ten seconds, unless this instance makes it."""

import time
from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "law 6 S: what one instance has acknowledged is seen at each"
_SECONDS = 10.0
_absent: dict[str, tuple[float, Refusal]] = {}


def patch() -> None:
    """Remember the answer until the reservation is made here."""

    def remembering(read: Any) -> Any:
        async def reservation(service: InventoryService, raw: str) -> Any:
            until, refusal = _absent.get(raw, (0.0, None))
            if refusal is not None and until > time.monotonic():
                raise refusal
            try:
                return await read(service, raw)
            except Refusal as found:
                _absent[raw] = (time.monotonic() + _SECONDS, found)
                raise

        return reservation

    def forgetting(reserve: Any) -> Any:
        async def make(service: InventoryService, body: Any) -> Any:
            _absent.pop(str(body.operation_id), None)
            return await reserve(service, body)

        return make

    replace(InventoryService, "reservation", remembering)
    replace(InventoryService, "reserve", forgetting)
