"""Balances are cached without an end."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Store

RULE = "5.3 S: balances are cached for up to 1 h"


def patch() -> None:
    """Take the end away again."""

    def lasting(keep: Any) -> Any:
        async def keep_for_ever(store: Store, *arguments: Any) -> None:
            await keep(store, *arguments)
            redis: Any = store._redis
            for key in await redis.keys(f"inventory:{arguments[0]}:*"):
                await redis.persist(key)

        return keep_for_ever

    replace(Store, "keep_closed_day", lasting)
