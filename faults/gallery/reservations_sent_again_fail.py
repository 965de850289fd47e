"""A reservation that is sent again breaks the key over operations, and nobody catches that."""

from typing import Any

from faults.patching import replace
from services.inventory.service import RESERVATION, InventoryService

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Fail where a reservation's id is there already."""

    def careless(answer: Any) -> Any:
        async def answer_or_fail(service: InventoryService, outcome: Any, kind: str, section: str) -> Any:
            if kind == RESERVATION and outcome.kind in ("repeated", "conflict"):
                raise RuntimeError("duplicate key")
            return await answer(service, outcome, kind, section)

        return answer_or_fail

    replace(InventoryService, "_answer", careless)
