"""A cache of whole balances in Redis, as many services keep one, for the gallery to get wrong."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from redis.exceptions import RedisError

from faults.patching import replace
from services.inventory.service import InventoryService

SECTIONS = ("main", "factory", "trade")
WRITES = ("add_items", "reserve", "_end", "adjust")


def cache_balances(
    *, pause: float = 0.0, is_early: bool = False, kept: Mapping[str, Collection[str]] | None = None
) -> None:
    """Answer reads from a cache that every write drops.

    ``pause`` is the time in seconds between reading the ledger and caching, ``is_early`` drops before the write
    instead of after it, and ``kept`` names the sections that a write does not drop.
    """
    replace(InventoryService, "inventory", lambda read: _cached(read, pause))
    for write in WRITES:
        dropped = [section for section in SECTIONS if section not in (kept or {}).get(write, ())]
        replace(InventoryService, write, partial(_dropping, sections=dropped, is_early=is_early))


def _cached(read: Any, pause: float) -> Any:
    async def read_cached(service: InventoryService, user: Any, code: str, *rest: Any) -> Any:
        redis: Any = service._store._redis
        with contextlib.suppress(RedisError):
            known = await redis.get(_key(user, code))
            if known is not None:
                return known
        answer = await read(service, user, code, *rest)
        await asyncio.sleep(pause)
        with contextlib.suppress(RedisError):
            await redis.set(_key(user, code), answer, ex=3600)
        return answer

    return read_cached


def _dropping(write: Any, *, sections: Collection[str], is_early: bool) -> Any:
    async def write_and_drop(service: InventoryService, *arguments: Any) -> Any:
        user = next(argument.user_id for argument in arguments if hasattr(argument, "user_id"))
        if is_early:
            await _drop(service, user, sections)
            return await write(service, *arguments)
        answer = await write(service, *arguments)
        await _drop(service, user, sections)
        return answer

    return write_and_drop


async def _drop(service: InventoryService, user: Any, sections: Collection[str]) -> None:
    redis: Any = service._store._redis
    with contextlib.suppress(RedisError):
        if sections:
            await redis.delete(*(_key(user, section) for section in sections))


def _key(user: Any, section: str) -> str:
    return f"inventory:{user}:all:{section}"
