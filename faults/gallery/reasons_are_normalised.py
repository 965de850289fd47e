"""The reason of an adjustment is written in another form of its letters."""

import unicodedata
from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.9 H: the reason stands in the rows and in the audit log"


def patch() -> None:
    """Compose letters and their marks."""

    def composing(original: Any) -> Any:
        async def adjust(self: Any, admin: Any, body: Any, request_id: Any) -> Any:
            body.reason = unicodedata.normalize("NFC", body.reason)
            return await original(self, admin, body, request_id)

        return adjust

    replace(InventoryService, "adjust", composing)
