"""Redis: revoked tokens in database 0, what may be cached in database 1 (contract, sections 2, 3 and 5).

Of balances only closed days are cached: yesterday's snapshot of a section. A closed day never changes, so whatever
crashes, and whenever, no cache here can serve an older balance; the rows of today always come from the ledger.
"""

import time
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.common.errors import Refusal
from services.common.settings import ServiceSettings
from services.common.tokens import tokens_unavailable
from services.inventory.catalogue import CatalogueData

TOKENS = 0
CACHE = 1
BALANCE_SECONDS = 3600
CLASSIFIER_SECONDS = 24 * 3600
CATALOGUE_KEY = "inventory:catalogue"

ClosedDay = list[tuple[UUID, UUID, UUID, int]]
Observe = Callable[[str, float, bool], None]

_pack = msgspec.msgpack.Encoder().encode
_unpack_day = msgspec.msgpack.Decoder(ClosedDay).decode
_unpack_catalogue = msgspec.msgpack.Decoder(CatalogueData).decode


class Store:
    """What inventory-service asks of Redis; one round trip a method."""

    def __init__(self, settings: ServiceSettings, observe: Observe) -> None:
        self._observe = observe

        def client(database: int) -> Redis:
            return Redis(
                host=settings.redis_host,
                port=settings.redis_port,
                password=settings.redis_password,
                db=database,
                socket_timeout=settings.redis_timeout_seconds,
                socket_connect_timeout=settings.redis_timeout_seconds,
                max_connections=200,
            )

        # Connections of the first never leave database 0. Those of the second change databases, so every use of
        # them selects first: a call that was cut off half-way cannot make a later one look in the wrong place.
        self._tokens = client(TOKENS)
        self._both = client(CACHE)

    async def close(self) -> None:
        """Close the connections."""
        await self._tokens.aclose()
        await self._both.aclose()

    def connections(self) -> float:
        """Return how many connections to Redis are open."""
        pools = (self._tokens.connection_pool, self._both.connection_pool)
        return float(sum(len(p._available_connections) + len(p._in_use_connections) for p in pools))

    async def is_revoked(self, jti: str) -> bool:
        """Say whether a token was revoked. Raises Refusal 503 when Redis cannot say."""
        (revoked,) = await self._run(self._tokens, "exists", ("EXISTS", f"revoked:{jti}"))
        return bool(revoked)

    async def is_revoked_and_closed_day(
        self, jti: str, user: UUID, section: str, today: date
    ) -> tuple[bool, ClosedDay | None]:
        """Say whether a token was revoked, and return the player's closed day if it is cached.

        Raises Refusal 503 when Redis cannot say.
        """
        _, revoked, _, packed = await self._run(
            self._both,
            "exists_get",
            ("SELECT", TOKENS),
            ("EXISTS", f"revoked:{jti}"),
            ("SELECT", CACHE),
            ("GET", _closed_day_key(user, section, today)),
        )
        return bool(revoked), _decode(_unpack_day, packed)

    async def keep_closed_day(self, user: UUID, section: str, today: date, day: ClosedDay) -> None:
        """Cache a player's closed day. Failing to is no failure."""
        await self._write("set_closed_day", _closed_day_key(user, section, today), BALANCE_SECONDS, _pack(day))

    async def catalogue(self) -> CatalogueData | None:
        """Return the cached catalogue, if there is one."""
        try:
            _, packed = await self._run(self._both, "get_catalogue", ("SELECT", CACHE), ("GET", CATALOGUE_KEY))
        except Refusal:
            return None
        data: CatalogueData | None = _decode(_unpack_catalogue, packed)
        return data

    async def keep_catalogue(self, catalogue: CatalogueData) -> None:
        """Cache the catalogue. Failing to is no failure."""
        await self._write("set_catalogue", CATALOGUE_KEY, CLASSIFIER_SECONDS, _pack(catalogue))

    async def answers(self) -> bool:
        """Say whether Redis answers."""
        try:
            await self._run(self._tokens, "ping", ("PING",))
        except Refusal:
            return False
        return True

    async def _write(self, name: str, key: str, seconds: int, value: bytes) -> None:
        try:
            await self._run(self._both, name, ("SELECT", CACHE), ("SET", key, value, "EX", seconds))
        except Refusal:
            return

    async def _run(self, client: Redis, name: str, *commands: tuple[Any, ...]) -> list[Any]:
        started = time.perf_counter()
        ok = False
        try:
            pipeline = client.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            answers = await pipeline.execute()
            ok = True
            return answers
        except (RedisError, OSError, TimeoutError) as error:
            raise tokens_unavailable() from error
        finally:
            self._observe(name, time.perf_counter() - started, ok)


def _closed_day_key(user: UUID, section: str, today: date) -> str:
    return f"inventory:{user}:closed:{section}:{today.isoformat()}"


def _decode(decode: Callable[[bytes], Any], packed: bytes | None) -> Any:
    if packed is None:
        return None
    try:
        return decode(packed)
    except msgspec.DecodeError:
        # Another version's format, or damage: as good as not cached.
        return None
