"""How a reservation stands is told by the last of its rows, which are in the order of their ids, not of time."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.8 S: the status of a reservation that was returned is returned"


def patch() -> None:
    """Pass over the end where a row of the reservation comes last."""

    def hasty(read: Any) -> Any:
        async def read_up_to_the_last(ledger: Ledger, operation: Any) -> list[Any]:
            rows: list[Any] = await read(ledger, operation)
            kind = min(rows, key=lambda row: row["created_at"])["operation_type_id"] if rows else None
            ended = rows and rows[-1]["operation_type_id"] != kind
            return rows if ended else [row for row in rows if row["operation_type_id"] == kind]

        return read_up_to_the_last

    replace(Ledger, "reservation", hasty)
