"""Since when Redis knows all revocations is kept for as long as a token, like all else about tokens."""

import os
from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions
from services.common.tokens import KNOWN_SINCE

RULE = "3.8 H, 2.10 S: a token is good for its time when Redis has lost nothing"


def patch() -> None:
    """Let the key end."""
    milliseconds = int(float(os.environ.get("TOKEN_LIFETIME_HOURS", "24")) * 3_600_000)

    def ending(original: Any) -> Any:
        async def set_known_since(self: Any, seconds: int) -> None:
            await original(self, seconds)
            await self._redis.pexpire(KNOWN_SINCE, milliseconds)

        return set_known_since

    replace(Sessions, "set_known_since", ending)
