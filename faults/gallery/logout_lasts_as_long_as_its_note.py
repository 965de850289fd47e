"""A logout is kept for as long as Redis keeps the note of the token, and not at all when that is lost."""

import time
from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.4 H, 2.11 S: a revocation lives as long as the token"


def patch() -> None:
    """Ask Redis for how long."""

    def by_the_note(original: Any) -> Any:
        async def revoke(self: Any, user: str, jti: str, expires_at: float, reason: str) -> None:
            left = await self._redis.pttl(f"active:{jti}")
            await original(self, user, jti, min(expires_at, time.time() + max(left, 1) / 1000), reason)

        return revoke

    replace(Sessions, "revoke", by_the_note)
