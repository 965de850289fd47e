"""An adjustment tells the balances after it as floating-point numbers would hold them."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.9 S, law 1: final_balances are those after the adjustment"


def patch() -> None:
    """Let each pass through a float."""

    def rounded(adjust: Any) -> Any:
        async def adjust_and_round(*args: Any) -> Any:
            answer = await adjust(*args)
            for one in answer.final_balances:
                one.quantity = int(float(one.quantity))
            return answer

        return adjust_and_round

    replace(InventoryService, "adjust", rounded)
