"""A token that was revoked still opens the door."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Lookups

RULE = "3.5 S: a revoked token is refused"


def patch() -> None:
    """Answer "not revoked" whatever Redis says."""

    def forgetful(ask: Any) -> Any:
        async def ask_anyway(*args: Any) -> tuple[bool, Any]:
            _, cached = await ask(*args)
            return False, cached

        return ask_anyway

    replace(Lookups, "ask", forgetful)
