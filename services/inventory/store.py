"""Redis: revoked tokens in database 0, what may be cached in database 1 (contract, sections 2, 3 and 5).

Of balances only closed days are cached: yesterday's snapshot of a section. A closed day never changes, so whatever
crashes, and whenever, no cache here can serve an older balance; the rows of today always come from the ledger.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from hiredis import pack_command
from redis.asyncio import Connection, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from services.common.errors import Refusal
from services.common.gathering import Gathered
from services.common.settings import ServiceSettings
from services.common.tokens import KNOWN_SINCE, Claims, check_known, tokens_unavailable
from services.inventory.catalogue import CatalogueData

TOKENS = 0
CACHE = 1
BALANCE_SECONDS = 3600
# An instance keeps what it found here for an hour more; together no older than the day that is allowed.
CLASSIFIER_SECONDS = 23 * 3600
# How many requests share a round trip at most.
MOST_AT_ONCE = 100
CATALOGUE_KEY = "inventory:catalogue"

# Variants by their keys (see Catalogue), in order.
ClosedDay = list[tuple[bytes, int]]
Observe = Callable[[str, float, bool], None]
Command = tuple[Any, ...]
Run = Callable[..., Awaitable[list[Any]]]

_pack = msgspec.msgpack.Encoder().encode
_SEAL = 16
_unpack_day = msgspec.msgpack.Decoder(ClosedDay).decode
_unpack_catalogue = msgspec.msgpack.Decoder(CatalogueData).decode


class Lookups:
    """Asks Redis for all waiting requests at once, on a connection of its own.

    A round trip costs the same processor time for one request as for many, and this one stands before every call.
    """

    def __init__(self, run: Run, patience: float) -> None:
        self._run = run
        self._gathered = Gathered(self._answer, MOST_AT_ONCE, patience, tokens_unavailable)
        # As the last round trip found it.
        self.known_since = 0.0

    async def ask(self, jti: str, key: str | None = None) -> tuple[bool, bytes | None]:
        """Return whether a token was revoked, and what the cache holds under a key.

        Raises Refusal 503, also when Redis has lost its data and nobody has noticed yet.
        """
        return await self._gathered.ask((jti, key))

    async def _answer(self, batch: list[tuple[str, str | None]]) -> list[tuple[bool, bytes | None]]:
        keys = [key for _, key in batch if key is not None]
        # The connection changes databases, so each use of it selects first: a round trip that was cut off
        # half-way cannot make the next one look for revoked tokens in the wrong place.
        commands: list[tuple[Any, ...]] = [("SELECT", TOKENS), ("GET", KNOWN_SINCE)]
        commands += [("EXISTS", f"revoked:{jti}") for jti, _ in batch]
        if keys:
            commands += [("SELECT", CACHE), ("MGET", *keys)]
        answers = await self._run("lookup", *commands)
        since = answers[1]
        if since is None or not since.isdigit():
            raise tokens_unavailable()
        self.known_since = float(since)
        cached = iter(answers[-1] if keys else ())
        return [
            (bool(revoked), next(cached) if key is not None else None)
            for (_, key), revoked in zip(batch, answers[2 : len(batch) + 2], strict=True)
        ]


class Store:
    """What inventory-service asks of Redis."""

    def __init__(self, settings: ServiceSettings, observe: Observe) -> None:
        self._observe = observe
        self._seconds = settings.redis_timeout_seconds
        where: dict[str, Any] = {
            "host": settings.redis_host,
            "port": settings.redis_port,
            "password": settings.redis_password,
            "socket_connect_timeout": settings.redis_timeout_seconds,
        }
        self._redis = Redis(
            **where, db=CACHE, socket_timeout=settings.redis_timeout_seconds, max_connections=50,
            retry=Retry(NoBackoff(), 1),
        )  # fmt: skip
        # No timeout for each reply, of which a round trip has several: one stands around all of it.
        self._connection = Connection(**where, socket_timeout=None, retry=Retry(NoBackoff(), 0))
        self._lookups = Lookups(self._run_on_own_connection, self._seconds)
        self._pings = Gathered(self._ping, 1000)

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.disconnect()
        await self._redis.aclose()

    def connections(self) -> float:
        """Return how many connections to Redis are open."""
        pool = self._redis.connection_pool
        shared = len(pool._available_connections) + len(pool._in_use_connections)
        return float(shared + self._connection.is_connected)

    async def is_revoked(self, jti: str, claims: Claims) -> bool:
        """Say whether a token was revoked. Raises Refusal 503 when Redis cannot say."""
        return (await self._ask(jti, claims, None))[0]

    async def is_revoked_and_closed_day(
        self, jti: str, claims: Claims, user: UUID, section: str, today: date
    ) -> tuple[bool, ClosedDay | None]:
        """Say whether a token was revoked, and return the player's closed day if it is cached.

        Raises Refusal 503 when Redis cannot say.
        """
        revoked, packed = await self._ask(jti, claims, _closed_day_key(user, section, today))
        return revoked, _decode(_unpack_day, _closed_day_key(user, section, today), packed)

    async def _ask(self, jti: str, claims: Claims, key: str | None) -> tuple[bool, bytes | None]:
        revoked, packed = await self._lookups.ask(jti, key)
        if not revoked:
            check_known(claims, self._lookups.known_since)
        return revoked, packed

    async def keep_closed_day(self, user: UUID, section: str, today: date, day: ClosedDay) -> None:
        """Cache a player's closed day. Failing to is no failure."""
        key = _closed_day_key(user, section, today)
        await self._write("set_closed_day", key, BALANCE_SECONDS, _seal(key, _pack(day)))

    async def catalogue(self) -> CatalogueData | None:
        """Return the cached catalogue, if there is one."""
        try:
            _, packed = await self._run("get_catalogue", ("SELECT", CACHE), ("GET", CATALOGUE_KEY))
        except Refusal:
            return None
        data: CatalogueData | None = _decode(_unpack_catalogue, CATALOGUE_KEY, packed)
        return data

    async def keep_catalogue(self, catalogue: CatalogueData) -> None:
        """Cache the catalogue. Failing to is no failure."""
        sealed = _seal(CATALOGUE_KEY, _pack(catalogue))
        await self._write("set_catalogue", CATALOGUE_KEY, CLASSIFIER_SECONDS, sealed)

    async def answers(self) -> bool:
        """Say whether Redis answers. Whoever asks meanwhile shares the next question."""
        return await self._pings.ask(None)

    async def _ping(self, asking: list[None]) -> list[bool]:
        try:
            await self._run("ping", ("PING",))
        except Refusal:
            return [False] * len(asking)
        return [True] * len(asking)

    async def _write(self, name: str, key: str, seconds: int, value: bytes) -> None:
        try:
            await self._run(name, ("SELECT", CACHE), ("SET", key, value, "EX", seconds))
        except Refusal:
            return

    async def _run(self, name: str, *commands: Command) -> list[Any]:
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        return await self._observed(name, asyncio.wait_for(pipeline.execute(), self._seconds))

    async def _run_on_own_connection(self, name: str, *commands: Command) -> list[Any]:
        return await self._observed(name, self._exchange_again(commands))

    async def _exchange_again(self, commands: Sequence[Command]) -> list[Any]:
        try:
            return await self._exchange(commands)
        except RedisConnectionError:
            # Redis may have been restarted since the last use.
            return await self._exchange(commands)

    async def _exchange(self, commands: Sequence[Command]) -> list[Any]:
        connection = self._connection
        try:
            async with asyncio.timeout(self._seconds):
                packed = b"".join([pack_command(command) for command in commands])
                await connection.send_packed_command(packed, check_health=False)
                return [await connection.read_response() for _ in commands]
        except BaseException:
            # Half of an answer may be under way, which would be taken for that of the next question.
            await connection.disconnect(nowait=True)
            raise

    async def _observed(self, name: str, answers: Awaitable[list[Any]]) -> list[Any]:
        started = time.perf_counter()
        ok = False
        try:
            found = await answers
            ok = True
            return found
        except (RedisError, OSError, TimeoutError) as error:
            raise tokens_unavailable() from error
        finally:
            self._observe(name, time.perf_counter() - started, ok)


def _closed_day_key(user: UUID, section: str, today: date) -> str:
    return f"inventory:{user}:closed:{section}:{today.isoformat()}"


def _seal(key: str, packed: bytes) -> bytes:
    """Put before a value what tells that it is whole, and stands under its own key."""
    digest = hashlib.blake2b(packed, digest_size=_SEAL)
    digest.update(key.encode())
    return digest.digest() + packed


def _decode(decode: Callable[[bytes], Any], key: str, sealed: bytes | None) -> Any:
    if sealed is None or _seal(key, sealed[_SEAL:]) != sealed:
        # Another version's format, or damage: as good as not cached.
        return None
    try:
        return decode(sealed[_SEAL:])
    except msgspec.DecodeError:
        return None
