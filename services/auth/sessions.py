"""Tokens in Redis database 0 (contract, section 2: Redis)."""

import json
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from services.common.settings import ServiceSettings
from services.common.tokens import tokens_unavailable

# One atomic step: nobody ever sees a user with two live tokens, or with none because a step was cut short.
_REPLACE = """
for _, old in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    local left = redis.call('PTTL', 'active:' .. old)
    -- A token is good until it expires, also when its note was lost.
    if left <= 0 then left = ARGV[3] end
    redis.call('SET', 'revoked:' .. old, ARGV[4], 'PX', left)
    redis.call('DEL', 'active:' .. old)
end
redis.call('DEL', KEYS[1])
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', 'active:' .. ARGV[1], ARGV[2], 'PX', ARGV[3])
"""

_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('PTTL', KEYS[1])}
"""


class Sessions:
    """Which tokens are live and which were revoked. Every method raises Refusal 503 when Redis is away."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._redis = Redis(
            host=settings.redis_host,
            port=settings.redis_port,
            password=settings.redis_password,
            db=0,
            socket_timeout=settings.redis_timeout_seconds,
            socket_connect_timeout=settings.redis_timeout_seconds,
            retry=Retry(NoBackoff(), 1),
        )
        self._replace = self._redis.register_script(_REPLACE)
        self._count = self._redis.register_script(_COUNT)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def replace(self, user: str, jti: str, record: dict[str, Any], milliseconds: int) -> None:
        """Make this the user's only live token; earlier ones are revoked with reason ``user_reauth``."""
        await _redis(
            self._replace(
                keys=[f"user_tokens:{user}"], args=[jti, json.dumps(record), milliseconds, _revocation("user_reauth")]
            )
        )

    async def keep(self, jti: str, record: dict[str, Any], milliseconds: int) -> None:
        """Note a token as live, beside others of the same owner."""
        await _redis(self._redis.set(f"active:{jti}", json.dumps(record), px=milliseconds))

    async def revoke(self, user: str, jti: str, expires_at: float, reason: str) -> None:
        """Revoke a token until it would have expired."""
        left = max(1, int((expires_at - time.time()) * 1000))
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.set(f"revoked:{jti}", _revocation(reason), px=left)
        pipeline.delete(f"active:{jti}")
        pipeline.srem(f"user_tokens:{user}", jti)
        await _redis(pipeline.execute())

    async def is_revoked(self, jti: str) -> bool:
        """Say whether a token was revoked."""
        return bool(await _redis(self._redis.exists(f"revoked:{jti}")))

    async def count_login(self, address: str) -> tuple[int, float]:
        """Count a login from an address; return how many this minute and the seconds until the count starts anew."""
        count, milliseconds = await _redis(self._count(keys=[f"login_attempts:{address}"], args=[60_000]))
        return int(count), max(int(milliseconds), 0) / 1000

    async def answers(self) -> bool:
        """Say whether Redis answers."""
        try:
            await self._redis.ping()
        except (RedisError, OSError, TimeoutError):
            return False
        return True


async def _redis(call: Awaitable[Any]) -> Any:
    try:
        return await call
    except (RedisError, OSError, TimeoutError) as error:
        raise tokens_unavailable() from error


def _revocation(reason: str) -> str:
    return json.dumps({"reason": reason, "revoked_at": datetime.now(UTC).isoformat(timespec="seconds")})
