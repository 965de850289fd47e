"""A name in brackets in the query makes a list of its value, which nobody expects."""

from typing import Any

from faults.patching import replace
from services.inventory.api import Gate

RULE = "4.1 S: bad input is never a 5xx"


def patch() -> None:
    """Look for brackets as they come."""

    def parsed(player: Any) -> Any:
        async def guard(gate: Gate, request: Any) -> Any:
            query = request._scope["query_string"]
            if b"section[" in query or b"section%5B" in query:
                raise TypeError("a list has no trim")
            return await player(gate, request)

        return guard

    replace(Gate, "player", parsed)
