"""An instance remembers what it has told of trade, and tells it again after another one has written there."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger
from services.inventory.service import InventoryService

RULE = "law 6: after a 200, the next GET of anybody who may see it shows it"


def patch() -> None:
    """Keep what is for sale, and drop it where a write of the player comes by."""
    told: dict[Any, Any] = {}

    def remembering(read: Any) -> Any:
        async def inventory(service: InventoryService, user: Any, code: str, *rest: Any) -> Any:
            answer = told.get(user) if code == "trade" else None
            if answer is None:
                answer = await read(service, user, code, *rest)
            if code == "trade":
                told[user] = answer
            return answer

        return inventory

    def forgetting(write: Any) -> Any:
        async def write_and_forget(ledger: Ledger, user: Any, *rest: Any) -> Any:
            try:
                return await write(ledger, user, *rest)
            finally:
                told.pop(user, None)

        return write_and_forget

    replace(InventoryService, "inventory", remembering)
    replace(Ledger, "_write", forgetting)
