"""A logout ends every token of the same owner, a service's others too."""

import json
from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.4 H: a logout revokes the caller's own token and no other"


def patch() -> None:
    """Revoke all that is live."""

    def thorough(revoke: Any) -> Any:
        async def revoke_all(sessions: Sessions, user: str, jti: str, expires_at: float, reason: str) -> None:
            await revoke(sessions, user, jti, expires_at, reason)
            redis: Any = sessions._redis
            async for key in redis.scan_iter("active:*", count=1000):
                if json.loads(await redis.get(key) or "{}").get("user_id") == user:
                    await revoke(sessions, user, key.decode().partition(":")[2], expires_at, reason)

        return revoke_all

    replace(Sessions, "revoke", thorough)
