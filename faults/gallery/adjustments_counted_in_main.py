"""An adjustment is counted in main, wherever it was made."""

from typing import Any

from faults.patching import replace
from services.inventory.service import ADJUSTMENT, MAIN, InventoryService

RULE = "6.2 S: inventory_operations_total{operation_type,section,status}"


def patch() -> None:
    """Take main for the section."""

    def careless(answer: Any) -> Any:
        async def answer_for_main(service: InventoryService, outcome: Any, kind: str, section: str) -> Any:
            return await answer(service, outcome, kind, MAIN if kind == ADJUSTMENT else section)

        return answer_for_main

    replace(InventoryService, "_answer", careless)
