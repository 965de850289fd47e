"""Who names what has left the catalogue keeps the player's place, until there is none."""

from typing import Any

import asyncpg

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "5.3 H, 6.5 H: what has left the catalogue is bad input, and costs others nothing"


def patch() -> None:
    """Take the place once more where PostgreSQL says so."""

    def keeping(original: Any) -> Any:
        async def of(self: Any, user: Any, ask: Any) -> Any:
            try:
                return await original(self, user, ask)
            except asyncpg.PostgresError:
                await self._players.enter(user)
                raise

        return of

    replace(Ledger, "_of", keeping)
