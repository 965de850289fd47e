"""What is reserved has no collection, and says so: null."""

import json
from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.3 S: collection and quality level are left out for the standard variant"


def patch() -> None:
    """Fill in what is not there."""

    def filled(original: Any) -> Any:
        async def inventory(self: Any, user: Any, code: str, *rest: Any) -> bytes:
            content: bytes = await original(self, user, code, *rest)
            if code != "factory":
                return content
            items = json.loads(content)["items"]
            return json.dumps({"items": [{"collection": None, **one} for one in items]}).encode()

        return inventory

    replace(InventoryService, "inventory", filled)
