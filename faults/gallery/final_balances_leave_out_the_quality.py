"""An adjustment's answer leaves out the quality level of what has a collection."""

from typing import Any

import msgspec

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.9 S: final_balances are those of what was adjusted, variant by variant"


def patch() -> None:
    """Take the quality level out where there is a collection."""

    def narrow(adjust: Any) -> Any:
        async def adjust_and_forget(*args: Any) -> Any:
            answer = await adjust(*args)
            for item in answer.final_balances:
                if item.collection is not msgspec.UNSET:
                    item.quality_level = msgspec.UNSET
            return answer

        return adjust_and_forget

    replace(InventoryService, "adjust", narrow)
