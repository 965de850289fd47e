"""A closed day is cached without what was used up since, which is then missing when it comes back."""

import dataclasses
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "law 6, 5.3 S: no cache serves another balance"


def patch() -> None:
    """Keep only what is shown."""

    def sparing(read: Any) -> Any:
        async def read_what_is_left(*args: Any) -> Any:
            found = await read(*args)
            kept = [(key, closed if now > 0 else None, now) for key, closed, now in found.balances]
            return dataclasses.replace(found, balances=kept)

        return read_what_is_left

    replace(Ledger, "read_section", sparing)
