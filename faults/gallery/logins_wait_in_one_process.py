"""A login revokes the earlier tokens in steps for which others wait in one instance, and not between instances."""

import asyncio
import json
import time
from collections import defaultdict
from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.11 H: a new login revokes the earlier tokens in one atomic step"


def patch() -> None:
    """Lock in this process."""
    locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def in_turn(_: Any) -> Any:
        async def replace_in_turn(
            self: Sessions, user: str, jti: str, record: dict[str, Any], _: int, milliseconds: int
        ) -> bool:
            async with locks[user]:
                earlier: Any = await self._redis.smembers(f"user_tokens:{user}")
                await asyncio.sleep(0.01)
                for one in earlier:
                    await self.revoke(user, one.decode(), time.time() + milliseconds / 1000, "user_reauth")
                await self._redis.sadd(f"user_tokens:{user}", jti)
                await self._redis.set(f"active:{jti}", json.dumps(record), px=milliseconds)
                return True

        return replace_in_turn

    replace(Sessions, "replace", in_turn)
