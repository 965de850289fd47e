"""The date of a reservation has the number of the month where its minutes should stand."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.8 S: reservation_date is when it was reserved"


def patch() -> None:
    """Mistake one letter of the format for another."""

    def misdated(read: Any) -> Any:
        async def read_and_format(*args: Any) -> Any:
            answer = await read(*args)
            answer.reservation_date = answer.reservation_date.strftime("%Y-%m-%dT%H:%m:%SZ")
            return answer

        return read_and_format

    replace(InventoryService, "reservation", misdated)
