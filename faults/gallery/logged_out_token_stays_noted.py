"""A logout leaves the note of its token among the user's: the next login revokes it once more."""

from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.11 S: what is kept of a revocation says why and when"


def patch() -> None:
    """Note the token again."""

    def noting(revoke: Any) -> Any:
        async def revoke_and_note(sessions: Any, user: str, jti: str, *more: Any) -> None:
            await revoke(sessions, user, jti, *more)
            await sessions._redis.sadd(f"user_tokens:{user}", jti)

        return revoke_and_note

    replace(Sessions, "revoke", noting)
