"""Where nothing happened today, the cached closed day is shown as it is: what was used up is listed with 0."""

from datetime import UTC, datetime
from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.3 S: only quantities above zero"


def patch() -> None:
    """Hand the closed day on when there are no rows after it."""

    def hasty(with_today: Any) -> Any:
        async def add_today(service: InventoryService, user: Any, section: Any, today: Any, cached: Any) -> Any:
            since = datetime(today.year, today.month, today.day, tzinfo=UTC)
            moved = await service._ledger.read_today(user, section, since)
            return await with_today(service, user, section, today, cached) if moved else cached

        return add_today

    replace(InventoryService, "_with_today", hasty)
