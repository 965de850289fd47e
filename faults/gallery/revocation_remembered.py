"""A token that was good once is not asked about again for a minute."""

import time
from typing import Any

from faults.patching import replace
from services.inventory.store import Lookups

RULE = "3.5 S: a revoked token is refused"


def patch() -> None:
    """Remember for a minute that a token was not revoked."""
    good_until: dict[str, float] = {}

    def remembering(ask: Any) -> Any:
        async def ask_or_remember(lookups: Lookups, jti: str, key: str | None = None) -> tuple[bool, Any]:
            is_revoked, cached = await ask(lookups, jti, key)
            if not is_revoked:
                good_until.setdefault(jti, time.monotonic() + 60)
            return is_revoked and good_until.get(jti, 0) < time.monotonic(), cached

        return ask_or_remember

    replace(Lookups, "ask", remembering)
