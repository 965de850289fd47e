"""A login by Telegram asks first which tokens there are, and revokes them a moment later."""

import asyncio
import json
import time
from typing import Any

from faults.logins import replace_by_telegram
from services.auth.sessions import Sessions

RULE = "2.11 H: a new login revokes the earlier tokens in one atomic step"


def patch() -> None:
    """Leave a gap in which another login is not seen."""

    def in_steps(_: Any) -> Any:
        async def note_in_steps(
            sessions: Sessions, user: str, jti: str, record: dict[str, Any], _: int, milliseconds: int
        ) -> bool:
            earlier: Any = await sessions._redis.smembers(f"user_tokens:{user}")
            await asyncio.sleep(0.05)
            for one in earlier:
                await sessions.revoke(user, one.decode(), time.time() + milliseconds / 1000, "user_reauth")
            await sessions._redis.sadd(f"user_tokens:{user}", jti)
            await sessions._redis.set(f"active:{jti}", json.dumps(record), px=milliseconds)
            return True

        return note_in_steps

    replace_by_telegram(in_steps)
