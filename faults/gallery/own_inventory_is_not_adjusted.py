"""An administrator may adjust everybody's inventory but their own."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.9 S: an administrator adjusts any player's inventory"


def patch() -> None:
    """Refuse who helps themselves."""

    def strict(adjust: Any) -> Any:
        async def other_people_only(self: Any, admin: Any, body: Any, *rest: Any) -> Any:
            if admin == body.user_id:
                raise Refusal(403, "forbidden", "nobody adjusts their own inventory")
            return await adjust(self, admin, body, *rest)

        return other_people_only

    replace(InventoryService, "adjust", strict)
