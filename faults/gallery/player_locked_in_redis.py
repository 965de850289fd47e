"""Calls on one player wait for each other by a key in Redis, which may lose it."""

from typing import Any

from faults.caching import WRITES
from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "law 2, 5.3 S: no balance is ever below zero, whatever Redis loses"
SQL = [("lock_player", "PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text, 1));", "NULL;")]


def patch() -> None:
    """Hold the key while a write is under way."""
    for write in WRITES:
        replace(InventoryService, write, _locking)


def _locking(write: Any) -> Any:
    async def lock_and_write(service: InventoryService, *arguments: Any) -> Any:
        redis: Any = service._store._redis
        key = next(f"lock:{argument.user_id}" for argument in arguments if hasattr(argument, "user_id"))
        async with redis.lock(key, timeout=10, raise_on_release_error=False):
            return await write(service, *arguments)

    return lock_and_write
