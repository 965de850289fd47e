"""Of more than eight reservations at one time the others fail, as where the database has no more connections."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.5 S, law 2: 200, or 400 insufficient_items with what is missing"


def patch() -> None:
    """Fail by a 500, which tells nobody that they are too many."""
    under_way: list[None] = []

    def few_at_once(reserve: Any) -> Any:
        async def reserve_if_few(*args: Any) -> Any:
            if len(under_way) >= 8:
                raise RuntimeError("too many clients already")
            under_way.append(None)
            try:
                return await reserve(*args)
            finally:
                under_way.pop()

        return reserve_if_few

    replace(InventoryService, "reserve", few_at_once)
