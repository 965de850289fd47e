"""The cached balance is dropped with the answer, which nobody takes where the caller has hung up."""

from typing import Any

from faults import caching
from faults.gallery.audit_entry_of_who_hung_up import has_hung_up
from faults.patching import remember_requests, replace
from services.inventory.api import Gate

RULE = "law 6: no cache serves an older balance"


def patch() -> None:
    """Keep what is cached where nobody waits."""
    current = remember_requests(Gate, "internal")

    def careless(drop: Any) -> Any:
        async def drop_with_the_answer(*arguments: Any) -> None:
            if current.get(None) is None or not await has_hung_up(current.get()):
                await drop(*arguments)

        return drop_with_the_answer

    replace(caching, "_drop", careless)
    caching.cache_balances()
