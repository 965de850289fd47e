"""A reservation that has ended is told with the date of its end."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.8 S: reservation_date is when it was reserved"


def patch() -> None:
    """Tell the date of the latest row."""

    def dated(read: Any) -> Any:
        async def read_dated(service: InventoryService, raw: str) -> Any:
            answer = await read(service, raw)
            rows = await service._ledger.reservation(answer.operation_id)
            answer.reservation_date = max(row["created_at"] for row in rows)
            return answer

        return read_dated

    replace(InventoryService, "reservation", dated)
