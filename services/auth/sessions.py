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
from services.common.tokens import KNOWN_SINCE, Claims, check_known, tokens_unavailable

# Nothing is noted of a token that would be refused: Redis has lost its data, or the token is older than its memory.
_KNOWN = """
local since = redis.call('GET', KEYS[1])
if not since or not tonumber(since) or tonumber(since) > tonumber(ARGV[1]) then return 0 end
"""

# One atomic step: nobody ever sees a user with two live tokens, or with none because a step was cut short.
_REPLACE = f"""{_KNOWN}
for _, old in ipairs(redis.call('SMEMBERS', KEYS[2])) do
    local left = redis.call('PTTL', 'active:' .. old)
    -- A token is good until it expires, also when its note was lost.
    if left <= 0 then left = ARGV[4] end
    redis.call('SET', 'revoked:' .. old, ARGV[5], 'PX', left)
    redis.call('DEL', 'active:' .. old)
end
redis.call('DEL', KEYS[2])
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('SET', 'active:' .. ARGV[2], ARGV[3], 'PX', ARGV[4])
return 1
"""

_KEEP = f"""{_KNOWN}
redis.call('SET', 'active:' .. ARGV[2], ARGV[3], 'PX', ARGV[4])
return 1
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
        self._keep = self._redis.register_script(_KEEP)
        self._count = self._redis.register_script(_COUNT)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def replace(self, user: str, jti: str, record: dict[str, Any], issued: int, milliseconds: int) -> bool:
        """Make this the user's only live token; earlier ones are revoked with reason ``user_reauth``.

        False when nothing was done, because a token issued then (seconds since 1970) would not be let in.
        """
        args: list[str | int] = [issued, jti, json.dumps(record), milliseconds, _revocation("user_reauth")]
        return bool(await _redis(self._replace(keys=[KNOWN_SINCE, f"user_tokens:{user}"], args=args)))

    async def keep(self, jti: str, record: dict[str, Any], issued: int, milliseconds: int) -> bool:
        """Note a token as live, beside others of the same owner. False as `replace` says."""
        return bool(await _redis(self._keep(keys=[KNOWN_SINCE], args=[issued, jti, json.dumps(record), milliseconds])))

    async def known_since(self) -> int | None:
        """Return since when Redis knows all revocations, seconds since 1970; None when it has lost its data."""
        try:
            return int(await _redis(self._redis.get(KNOWN_SINCE)) or "")
        except ValueError:
            return None

    async def set_known_since(self, seconds: int) -> None:
        """Say since when Redis knows all revocations."""
        await _redis(self._redis.set(KNOWN_SINCE, seconds))

    async def revoke(self, user: str, jti: str, expires_at: float, reason: str) -> None:
        """Revoke a token until it would have expired."""
        left = max(1, int((expires_at - time.time()) * 1000))
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.set(f"revoked:{jti}", _revocation(reason), px=left)
        pipeline.delete(f"active:{jti}")
        pipeline.srem(f"user_tokens:{user}", jti)
        await _redis(pipeline.execute())

    async def is_revoked(self, jti: str, claims: Claims) -> bool:
        """Say whether a token was revoked. Raises Refusal 503 also when Redis has lost what it knew of it."""
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.exists(f"revoked:{jti}")
        pipeline.get(KNOWN_SINCE)
        revoked, since = await _redis(pipeline.execute())
        if not revoked:
            check_known(claims, float(since) if since and since.isdigit() else float("inf"))
        return bool(revoked)

    async def count_attempt(self, kind: str, address: str) -> tuple[int, float]:
        """Count an attempt from an address; return how many this minute and the seconds until the count starts anew."""
        count, milliseconds = await _redis(self._count(keys=[f"{kind}_attempts:{address}"], args=[60_000]))
        return int(count), max(int(milliseconds), 0) / 1000

    async def forgive_attempt(self, kind: str, address: str) -> None:
        """Take an attempt back that turned out to be a good one."""
        await _redis(self._redis.decr(f"{kind}_attempts:{address}"))

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
