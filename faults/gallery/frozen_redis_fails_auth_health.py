"""Auth's health knows a Redis that refuses connections, and fails over one that does not answer."""

from typing import Any

from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.8 S: auth's health is 503 when Redis is down"


def patch() -> None:
    """Let what is no failed connection through."""

    def narrow(_answers: Any) -> Any:
        async def ping(self: Any) -> bool:
            try:
                await self._redis.ping()
            except (RedisTimeoutError, TimeoutError):
                raise
            except (RedisError, OSError):
                return False
            return True

        return ping

    replace(Sessions, "answers", narrow)
