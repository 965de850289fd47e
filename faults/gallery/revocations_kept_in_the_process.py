"""A login revokes those earlier tokens that the same process has issued, and no others."""

from typing import Any

from faults.patching import replace
from services.auth import sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Forget the tokens that others have issued, or this one before it was started again."""
    issued: set[str] = set()

    def forgetful(revoke_and_keep: Any) -> Any:
        async def revoke_own_and_keep(store: sessions.Sessions, user: str, jti: str, *token: Any) -> Any:
            key = f"user_tokens:{user}"
            foreign = [one for one in await sessions._redis(store._redis.smembers(key)) if one.decode() not in issued]
            if foreign:
                await sessions._redis(store._redis.srem(key, *foreign))
            issued.add(jti)
            return await revoke_and_keep(store, user, jti, *token)

        return revoke_own_and_keep

    replace(sessions.Sessions, "replace", forgetful)
