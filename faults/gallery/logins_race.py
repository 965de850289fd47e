"""A login asks first which tokens there are, and revokes them a moment later."""

import asyncio
import json
import time
from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.11 H: a new login revokes the earlier tokens in one atomic step"


def patch() -> None:
    """Leave a gap in which another login is not seen."""

    def in_steps(_: Any) -> Any:
        async def replace_in_steps(
            self: Sessions, user: str, jti: str, record: dict[str, Any], _: int, milliseconds: int
        ) -> bool:
            earlier: Any = await self._redis.smembers(f"user_tokens:{user}")
            await asyncio.sleep(0.05)
            for one in earlier:
                await self.revoke(user, one.decode(), time.time() + milliseconds / 1000, "user_reauth")
            await self._redis.sadd(f"user_tokens:{user}", jti)
            await self._redis.set(f"active:{jti}", json.dumps(record), px=milliseconds)
            return True

        return replace_in_steps

    replace(Sessions, "replace", in_steps)
