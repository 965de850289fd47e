"""A token counts as revoked only when it was a new login that revoked it."""

from typing import Any

from faults.patching import replace
from services.inventory.store import TOKENS, Lookups

RULE = "3.5 S: revoked:{jti} exists"


def patch() -> None:
    """Read why it was revoked."""

    def particular(ask: Any) -> Any:
        async def ask_why(lookups: Lookups, jti: str, key: str | None = None) -> tuple[bool, Any]:
            revoked, cached = await ask(lookups, jti, key)
            if revoked:
                _, kept = await lookups._run("lookup", ("SELECT", TOKENS), ("GET", f"revoked:{jti}"))
                revoked = b"user_reauth" in (kept or b"")
            return revoked, cached

        return ask_why

    replace(Lookups, "ask", particular)
