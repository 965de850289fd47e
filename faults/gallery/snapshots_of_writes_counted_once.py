"""A write that makes the snapshots of several variants counts one."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Outcome
from services.inventory.service import InventoryService

RULE = "6.2 S: inventory_daily_balance_created_total counts each snapshot"


def patch() -> None:
    """Count writes."""

    def counting_writes(answer: Any) -> Any:
        async def count_and_answer(service: InventoryService, outcome: Outcome, *rest: Any) -> Any:
            return await answer(service, changed(outcome, snapshots=min(1, outcome.snapshots)), *rest)

        return count_and_answer

    replace(InventoryService, "_answer", counting_writes)
