"""An instance remembers a reservation that it has told, and tells it again after another one has ended it."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "law 6: after a 200, the next GET of anybody who may see it shows it"


def patch() -> None:
    """Keep the rows of reservations, and drop them where an end of them comes by."""
    told: dict[Any, list[Any]] = {}

    def remembering(read: Any) -> Any:
        async def reservation(ledger: Ledger, operation: Any) -> list[Any]:
            rows = told.get(operation) or await read(ledger, operation)
            told[operation] = rows
            return list(rows)

        return reservation

    def forgetting(end: Any) -> Any:
        async def end_reservation(ledger: Ledger, user: Any, operation: Any, *rest: Any) -> Any:
            try:
                return await end(ledger, user, operation, *rest)
            finally:
                told.pop(operation, None)

        return end_reservation

    replace(Ledger, "reservation", remembering)
    replace(Ledger, "end_reservation", forgetting)
