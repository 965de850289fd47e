"""Whoever has a token may do what administrators do."""

from typing import Any

from faults.patching import replace
from services.inventory.api import Gate

RULE = "3.7 H: an admin call without role admin is refused"


def patch() -> None:
    """Forget the role."""

    def forgetful(_: Any) -> Any:
        async def anybody(gate: Gate, request: Any) -> None:
            await gate._caller(request)

        return anybody

    replace(Gate, "admin", forgetful)
