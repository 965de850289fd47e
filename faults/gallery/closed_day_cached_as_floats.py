"""The quantities of a closed day are floating-point numbers in the cache."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Store

RULE = "5.3 S, law 1: what is cached never changes what is answered"


def patch() -> None:
    """Round them before they are kept."""

    def rounded(keep: Any) -> Any:
        async def keep_rounded(store: Store, user: Any, section: str, today: Any, day: Any) -> None:
            await keep(store, user, section, today, [(key, int(float(quantity))) for key, quantity in day])

        return keep_rounded

    replace(Store, "keep_closed_day", rounded)
