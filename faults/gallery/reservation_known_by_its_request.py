"""A second reservation under one request id is answered like the first, and nothing is written."""

from typing import Any

from faults.patching import replace
from services.common.logs import request_id
from services.inventory.service import InventoryService

RULE = "4.5 S, law 5: each reservation that is answered 200 is written"


def patch() -> None:
    """Remember answers by the request's id."""
    made: dict[str | None, Any] = {}

    def once(reserve: Any) -> Any:
        async def reserve_once(service: InventoryService, body: Any) -> Any:
            sent_as = request_id.get()
            if sent_as not in made:
                made[sent_as] = await reserve(service, body)
            return made[sent_as]

        return reserve_once

    replace(InventoryService, "reserve", once)
