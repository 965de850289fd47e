"""Redis: revoked tokens in database 0, what may be cached in database 1 (contract, sections 2, 3 and 5).

Of balances only closed days are cached: yesterday's snapshot of a section. A closed day never changes, so whatever
crashes, and whenever, no cache here can serve an older balance; the rows of today always come from the ledger.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
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
Run = Callable[..., Awaitable[list[Any]]]

_pack = msgspec.msgpack.Encoder().encode
_unpack_day = msgspec.msgpack.Decoder(ClosedDay).decode
_unpack_catalogue = msgspec.msgpack.Decoder(CatalogueData).decode


class Lookups:
    """Asks Redis for all waiting requests at once: while one round trip is under way, the next one gathers.

    A round trip costs the same processor time for one request as for many, and this one stands before every call.
    """

    def __init__(self, redis: Redis, run: Run) -> None:
        self._redis = redis
        self._run = run
        self._waiting: list[tuple[str, str | None, asyncio.Future[tuple[bool, bytes | None]]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def ask(self, jti: str, key: str | None = None) -> tuple[bool, bytes | None]:
        """Return whether a token was revoked, and what the cache holds under a key. Raises Refusal 503."""
        answer: asyncio.Future[tuple[bool, bytes | None]] = asyncio.get_running_loop().create_future()
        self._waiting.append((jti, key, answer))
        if self._runner is None:
            self._runner = asyncio.create_task(self._answer_all())
        return await answer

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._answer(batch)
        finally:
            self._runner = None

    async def _answer(self, batch: list[tuple[str, str | None, asyncio.Future[tuple[bool, bytes | None]]]]) -> None:
        keys = [key for _, key, _ in batch if key is not None]
        # The connection changes databases, so each use of it selects first: a round trip that was cut off
        # half-way cannot make the next one look for revoked tokens in the wrong place.
        commands: list[tuple[Any, ...]] = [("SELECT", TOKENS), *(("EXISTS", f"revoked:{jti}") for jti, _, _ in batch)]
        if keys:
            commands += [("SELECT", CACHE), ("MGET", *keys)]
        try:
            answers = await self._run(self._redis, "lookup", *commands)
        except BaseException as error:
            # Whatever happened, nobody of the batch may wait for ever, and nobody is let in.
            for _, _, answer in batch:
                if not answer.done():
                    answer.set_exception(tokens_unavailable())
            if not isinstance(error, Refusal):
                raise
            return
        cached = iter(answers[-1] if keys else ())
        for (_, key, answer), revoked in zip(batch, answers[1 : len(batch) + 1], strict=True):
            value = next(cached) if key is not None else None
            if not answer.done():
                answer.set_result((bool(revoked), value))


class Store:
    """What inventory-service asks of Redis."""

    def __init__(self, settings: ServiceSettings, observe: Observe) -> None:
        self._observe = observe
        self._redis = Redis(
            host=settings.redis_host,
            port=settings.redis_port,
            password=settings.redis_password,
            db=CACHE,
            socket_timeout=settings.redis_timeout_seconds,
            socket_connect_timeout=settings.redis_timeout_seconds,
            max_connections=50,
            retry=Retry(NoBackoff(), 1),
        )
        self._lookups = Lookups(self._redis, self._run)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    def connections(self) -> float:
        """Return how many connections to Redis are open."""
        pool = self._redis.connection_pool
        return float(len(pool._available_connections) + len(pool._in_use_connections))

    async def is_revoked(self, jti: str) -> bool:
        """Say whether a token was revoked. Raises Refusal 503 when Redis cannot say."""
        revoked, _ = await self._lookups.ask(jti)
        return revoked

    async def is_revoked_and_closed_day(
        self, jti: str, user: UUID, section: str, today: date
    ) -> tuple[bool, ClosedDay | None]:
        """Say whether a token was revoked, and return the player's closed day if it is cached.

        Raises Refusal 503 when Redis cannot say.
        """
        revoked, packed = await self._lookups.ask(jti, _closed_day_key(user, section, today))
        return revoked, _decode(_unpack_day, packed)

    async def keep_closed_day(self, user: UUID, section: str, today: date, day: ClosedDay) -> None:
        """Cache a player's closed day. Failing to is no failure."""
        await self._write("set_closed_day", _closed_day_key(user, section, today), BALANCE_SECONDS, _pack(day))

    async def catalogue(self) -> CatalogueData | None:
        """Return the cached catalogue, if there is one."""
        try:
            _, packed = await self._run(self._redis, "get_catalogue", ("SELECT", CACHE), ("GET", CATALOGUE_KEY))
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
            await self._run(self._redis, "ping", ("PING",))
        except Refusal:
            return False
        return True

    async def _write(self, name: str, key: str, seconds: int, value: bytes) -> None:
        try:
            await self._run(self._redis, name, ("SELECT", CACHE), ("SET", key, value, "EX", seconds))
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
