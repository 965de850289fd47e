"""A logout is forgotten after a minute, long before the token would have ended."""

import time
from typing import Any

from faults.patching import replace
from services.auth import sessions

RULE = "2.11 S: a revocation lives as long as the token"


def patch() -> None:
    """Take the token for one that ends soon."""

    def short(revoke: Any) -> Any:
        async def revoke_for_a_minute(kept: sessions.Sessions, user: str, jti: str, _: float, reason: str) -> None:
            await revoke(kept, user, jti, time.time() + 60, reason)

        return revoke_for_a_minute

    replace(sessions.Sessions, "revoke", short)
