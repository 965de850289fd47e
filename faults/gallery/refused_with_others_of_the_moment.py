"""Writes that come at one moment go to the ledger together, and all of them are refused when one is."""

import time
from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.5 S: one caller's refusal is no other's"
_MOMENT_SECONDS = 0.02
_last: list[tuple[float, Refusal]] = []


def patch() -> None:
    """Refuse with what was refused a moment ago."""

    def together(call: Any) -> Any:
        async def write(service: InventoryService, body: Any) -> Any:
            try:
                written = await call(service, body)
            except Refusal as refusal:
                _last.append((time.monotonic(), refusal))
                raise
            if _last and time.monotonic() - _last[-1][0] < _MOMENT_SECONDS:
                raise _last[-1][1]
            return written

        return write

    replace(InventoryService, "reserve", together)
