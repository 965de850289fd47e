"""While Redis is away, each call waits until the one before it has given up."""

import asyncio
from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.store import Lookups

RULE = "3.8 H: a token that cannot be checked is refused with 503, however many callers there are"


def patch() -> None:
    """Ask for one token at a time, and again after a pause."""
    turn = asyncio.Lock()

    def in_turn(ask: Any) -> Any:
        async def ask_in_turn(*arguments: Any) -> Any:
            async with turn:
                try:
                    return await ask(*arguments)
                except Refusal:
                    await asyncio.sleep(2)
                    return await ask(*arguments)

        return ask_in_turn

    replace(Lookups, "ask", in_turn)
