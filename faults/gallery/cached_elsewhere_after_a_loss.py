"""The database of the cache is selected once: when the way to Redis was lost, an instance caches in another one."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory import store

RULE = "5.3 S: balances are cached in database 1"


def patch() -> None:
    """Stay where new connections begin."""

    def once(observed: Any) -> Any:
        async def observe_and_forget(*args: Any) -> Any:
            try:
                return await observed(*args)
            except Refusal:
                store.CACHE = store.TOKENS
                raise

        return observe_and_forget

    replace(store.Store, "_observed", once)
