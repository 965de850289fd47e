"""Calls on one player wait for each other in one instance, and not between instances."""

import asyncio
from collections import defaultdict
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "law 2: no balance is ever below zero, under any concurrency"
SQL = [("lock_player", "PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text, 1));", "NULL;")]


def patch() -> None:
    """Lock in this process."""
    locks: dict[Any, asyncio.Lock] = defaultdict(asyncio.Lock)

    def locking(write: Any) -> Any:
        async def lock_and_write(ledger: Ledger, user: Any, *args: Any) -> Any:
            async with locks[user]:
                return await write(ledger, user, *args)

        return lock_and_write

    replace(Ledger, "_write", locking)
