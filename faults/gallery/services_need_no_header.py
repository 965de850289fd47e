"""Whoever sends no Authorization header may make the calls of services; administrators' calls ask for one."""

from typing import Any

from faults.patching import replace
from services.inventory.api import Gate

RULE = "3.1 S: a call without the header is refused"


def patch() -> None:
    """Take a call without a token for one that the network has let through."""

    def trusting(guard: Any) -> Any:
        async def internal(gate: Gate, request: Any) -> None:
            if request.authorization is not None:
                await guard(gate, request)

        return internal

    replace(Gate, "internal", trusting)
