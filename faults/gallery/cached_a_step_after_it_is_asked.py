"""Whether something was written is asked in one step, and what was read before is cached in the next."""

from typing import Any

from faults import caching
from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "law 6: no cache serves an older balance, however reads and writes overlap"


def patch() -> None:
    """Count writes, and keep whole balances while the count is the same."""

    def cached(read: Any, _pause: float) -> Any:
        async def read_cached(service: InventoryService, user: Any, code: str, *rest: Any) -> Any:
            redis: Any = service._store._redis
            known, writes = await redis.mget(caching._key(user, code), caching._key(user, "writes"))
            if known is not None:
                return known
            answer = await read(service, user, code, *rest)
            if await redis.get(caching._key(user, "writes")) == writes:
                await redis.set(caching._key(user, code), answer, ex=3600)
            return answer

        return read_cached

    def counting(drop: Any) -> Any:
        async def count_and_drop(service: InventoryService, user: Any, sections: Any) -> None:
            await service._store._redis.incr(caching._key(user, "writes"))
            await drop(service, user, sections)

        return count_and_drop

    replace(caching, "_cached", lambda _: cached)
    replace(caching, "_drop", counting)
    caching.cache_balances()
