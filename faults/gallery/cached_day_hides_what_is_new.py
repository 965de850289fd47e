"""Once the closed day is cached, what a section got today and never had before is not told."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "law 6: after a 200 the next GET shows it, 4.3 S"


def patch() -> None:
    """Keep to the variants of the closed day."""

    def of_the_closed_day(read: Any) -> Any:
        async def read_what_was_closed(service: Any, user: Any, section: Any, today: Any, cached: Any) -> Any:
            known = dict(cached)
            balances = await read(service, user, section, today, cached)
            return [(key, quantity) for key, quantity in balances if key in known]

        return read_what_was_closed

    replace(InventoryService, "_with_today", of_the_closed_day)
