"""An instance remembers that a reservation does not exist, until it makes it itself."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.8 S, law 6: after a 200, the next GET of anybody who may see it shows it"


def patch() -> None:
    """Keep what was asked for in vain."""
    missing: set[Any] = set()

    def remembering(read: Any) -> Any:
        async def reservation(ledger: Ledger, operation: Any) -> list[Any]:
            rows: list[Any] = [] if operation in missing else await read(ledger, operation)
            if not rows:
                missing.add(operation)
            return rows

        return reservation

    def forgetting(reserve: Any) -> Any:
        async def reserve_and_forget(*args: Any) -> Any:
            outcome = await reserve(*args)
            missing.discard(args[5])
            return outcome

        return reserve_and_forget

    replace(Ledger, "reservation", remembering)
    replace(Ledger, "reserve", forgetting)
