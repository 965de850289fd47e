"""A token's id is put in small letters before anybody looks whether it was revoked."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Lookups

RULE = "3.5 S: revoked:{jti} exists"


def patch() -> None:
    """Look for another id, where it has capitals."""

    def lowered(original: Any) -> Any:
        async def ask(lookups: Lookups, jti: str, key: str | None = None) -> Any:
            return await original(lookups, jti.lower(), key)

        return ask

    replace(Lookups, "ask", lowered)
