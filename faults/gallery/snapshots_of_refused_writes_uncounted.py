"""A snapshot is counted once the write that made it has succeeded."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Outcome
from services.inventory.service import InventoryService

RULE = "6.2 S: inventory_daily_balance_created_total counts each snapshot"


def patch() -> None:
    """Count no snapshot where the write is refused."""

    def forgetful(answer: Any) -> Any:
        async def count_and_answer(service: InventoryService, outcome: Outcome, *rest: Any) -> Any:
            done = outcome.kind in ("written", "repeated")
            return await answer(service, outcome if done else changed(outcome, snapshots=0), *rest)

        return count_and_answer

    replace(InventoryService, "_answer", forgetful)
