"""A login by Telegram adds its token to the user's; only the development login revokes those of before."""

import json
from typing import Any

from faults.logins import replace_by_telegram
from services.auth.sessions import Sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Note the token beside the others."""

    def beside(_: Any) -> Any:
        async def note(
            sessions: Sessions, user: str, jti: str, record: dict[str, Any], _: int, milliseconds: int
        ) -> bool:
            await sessions._redis.sadd(f"user_tokens:{user}", jti)
            await sessions._redis.pexpire(f"user_tokens:{user}", milliseconds)
            await sessions._redis.set(f"active:{jti}", json.dumps(record), px=milliseconds)
            return True

        return note

    replace_by_telegram(beside)
