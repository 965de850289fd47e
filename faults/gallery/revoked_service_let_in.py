"""A service's token is let in although it was revoked."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Store

RULE = "3.5 S: a revoked token is refused"


def patch() -> None:
    """Ask for players' and administrators' alone."""

    def trusting(ask: Any) -> Any:
        async def ask_of_users(store: Store, jti: str, claims: Any) -> bool:
            return await ask(store, jti, claims) and "internal" not in claims.roles

        return ask_of_users

    replace(Store, "is_revoked", trusting)
