"""Bodies are read one after the other: whoever sends theirs slowly holds up everybody else's."""

import asyncio
from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "6.5 H: what is over a limit costs the others nothing"


def patch() -> None:
    """Let one in at a time."""
    turn = asyncio.Lock()

    def in_turn(read: Any) -> Any:
        async def read_in_turn(self: Any) -> bytes:
            async with turn:
                content: bytes = await read(self)
                return content

        return read_in_turn

    replace(Request, "_read", in_turn)
