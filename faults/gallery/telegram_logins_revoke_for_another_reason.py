"""A login by Telegram says of the tokens that it ends that they were logged out."""

import time
from typing import Any

from faults.logins import replace_by_telegram
from services.auth.sessions import Sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens, with reason user_reauth"


def patch() -> None:
    """Log each of them out before."""

    def log_out(note: Any) -> Any:
        async def note_alone(sessions: Sessions, user: str, *args: Any) -> bool:
            earlier: Any = await sessions._redis.smembers(f"user_tokens:{user}")
            for one in earlier:
                await sessions.revoke(user, one.decode(), time.time() + 86400, "user_logout")
            return bool(await note(sessions, user, *args))

        return note_alone

    replace_by_telegram(log_out)
