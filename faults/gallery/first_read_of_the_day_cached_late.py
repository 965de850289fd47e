"""The read that closes the day caches its balance, whatever was written since it was read."""

import asyncio
from contextvars import ContextVar
from typing import Any

from faults import caching
from faults.patching import replace
from services.inventory.ledger import Ledger
from services.inventory.service import InventoryService

RULE = "law 6: no cache serves an older balance, however reads and writes overlap"


def patch() -> None:
    """Keep whole balances, of such reads alone."""
    made: ContextVar[int] = ContextVar("made", default=0)

    def noting(read: Any) -> Any:
        async def read_and_note(ledger: Ledger, *asked: Any) -> Any:
            found = await read(ledger, *asked)
            made.set(found.made)
            return found

        return read_and_note

    def cached(read: Any, _pause: float) -> Any:
        async def read_cached(service: InventoryService, user: Any, code: str, *rest: Any) -> Any:
            redis: Any = service._store._redis
            known = await redis.get(caching._key(user, code))
            if known is not None:
                return known
            answer = await read(service, user, code, *rest)
            if made.get():
                await asyncio.sleep(0.05)
                await redis.set(caching._key(user, code), answer, ex=3600)
            return answer

        return read_cached

    replace(Ledger, "read_section", noting)
    replace(caching, "_cached", lambda _: cached)
    caching.cache_balances()
