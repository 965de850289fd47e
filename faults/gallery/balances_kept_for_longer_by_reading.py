"""Who reads a cached balance has it kept for as long again."""

from typing import Any

from faults.patching import replace
from services.inventory import store
from services.inventory.store import Store

RULE = "5.3 S: balances are cached for up to 1 h"


def patch() -> None:
    """Renew its time at each read."""

    def renewing(look: Any) -> Any:
        async def look_and_renew(self: Store, jti: str, claims: Any, *whose: Any) -> Any:
            found = await look(self, jti, claims, *whose)
            await self._redis.expire(store._closed_day_key(*whose), store.BALANCE_SECONDS)
            return found

        return look_and_renew

    replace(Store, "is_revoked_and_closed_day", renewing)
