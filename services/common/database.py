"""Connections to PostgreSQL: one round trip a statement, and what is told when it fails (contract 4.13)."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from services.common.admission import Turnstile
from services.common.errors import Refusal
from services.common.gathering import Gathered
from services.common.settings import ServiceSettings

Connection = Any
Connect = Callable[[], Awaitable[Connection]]
Observe = Callable[[str, float, bool], None]

# What is no answer of PostgreSQL's: broken off, not reached, given up.
_LOST = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# Classes of SQLSTATE that tell of our statement or our data. All others tell of PostgreSQL itself, or of somebody else
# who was at the same rows: it can be asked again.
_OURS = frozenset({"0A", "20", "21", "22", "23", "2F", "34", "38", "39", "3F", "42", "44", "P0"})
# No room, no right to write now, a failing disk: readiness says so for a while, however well reads go.
_CANNOT_WRITE = ("53", "25", "58")
CANNOT_WRITE_SECONDS = 10.0
PROBE_SECONDS = 1.0
_PROBE = "SELECT current_setting('transaction_read_only') = 'off'"
# PostgreSQL gives a statement up a little before we do: then it is certain that nothing was written.
_SOONER = 0.9


def unavailable() -> Refusal:
    """A 503 for a database that does not answer; nothing was written, and nothing about it is told."""
    return Refusal(503, "database_unavailable", "the database does not answer; try again", headers={"Retry-After": "1"})


def outcome_unknown() -> Refusal:
    """A 503 for a write whose answer was lost: it may stand or not."""
    why = "whether this was written is not known; send it again with the same operation_id"
    return Refusal(503, "outcome_unknown", why, headers={"Retry-After": "1"})


class Database:
    """Connections that are made as they are needed and kept; every statement is counted and timed.

    A statement borrows one for its time. asyncpg's own pool starts two tasks for each statement, which takes as long
    as the statement. ``observe(operation, seconds, ok)`` is called after each, with the caller's name for it.
    """

    def __init__(self, connect: Connect, places: Turnstile, observe: Observe) -> None:
        self._connect = connect
        self._places = places
        self._observe = observe
        self._open: set[Connection] = set()
        self._idle: list[Connection] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._probes = Gathered(self._probe, 1000)
        self._probing: Connection = None
        self._cannot_write_until = 0.0

    def connections(self) -> int:
        """Return how many connections are open."""
        return sum(not connection.is_closed() for connection in self._open)

    def idle_connections(self) -> int:
        """Return how many connections wait for a statement."""
        return sum(not connection.is_closed() for connection in self._idle)

    async def rows(self, operation: str, sql: str, *args: Any) -> list[asyncpg.Record]:
        """Run one statement that may be run twice, and return its rows.

        Raises Refusal 503 when the database is away or busy, PostgresError for what is wrong with the statement.
        """
        return await self._observed(operation, sql, args, unavailable)

    async def row(self, operation: str, sql: str, *args: Any) -> asyncpg.Record:
        """Do as `rows` does with a statement that gives exactly one row."""
        return (await self.rows(operation, sql, *args))[0]

    async def write(self, operation: str, sql: str, *args: Any) -> list[asyncpg.Record]:
        """Do as `rows` does with a statement that writes: the refusal says whether it may have."""
        rows = await self._observed(operation, sql, args, outcome_unknown)
        self._cannot_write_until = 0.0
        return rows

    async def answers(self) -> bool:
        """Say whether the database answers within a second and can be written to.

        Whoever asks meanwhile shares the next question, over a connection that nobody else waits for.
        """
        return await self._probes.ask(None)

    async def close(self) -> None:
        """Close all connections."""
        for connection in [*self._open, *([self._probing] if self._probing else [])]:
            self._drop(connection)
        if self._closing:
            await asyncio.wait(self._closing)

    async def _probe(self, asking: list[None]) -> list[bool]:
        can = False
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                if self._probing is None or self._probing.is_closed():
                    self._probing = await self._connect()
                can = await self._probing.fetchval(_PROBE) and time.monotonic() >= self._cannot_write_until
        except (*_LOST, asyncpg.PostgresError):
            if self._probing is not None:
                self._drop(self._probing)
            self._probing = None
        return [can] * len(asking)

    async def _observed(
        self, operation: str, sql: str, args: Sequence[Any], lost: Callable[[], Refusal]
    ) -> list[asyncpg.Record]:
        started = time.perf_counter()
        ok = False
        try:
            rows = await self._run(sql, args)
            ok = True
            return rows
        except _LOST as error:
            raise lost() from error
        except asyncpg.PostgresError as error:
            if _is_ours(error):
                raise
            if error.sqlstate and error.sqlstate[:2] in _CANNOT_WRITE:
                self._cannot_write_until = time.monotonic() + CANNOT_WRITE_SECONDS
            # After an ERROR the transaction was rolled back; after anything worse nobody knows.
            raise (unavailable() if error.severity_en == "ERROR" else lost()) from error
        finally:
            self._observe(operation, time.perf_counter() - started, ok)

    async def _run(self, sql: str, args: Sequence[Any]) -> list[asyncpg.Record]:
        await self._places.enter()
        try:
            connection = await self._borrow()
            try:
                rows: list[asyncpg.Record] = await connection.fetch(sql, *args)
            except asyncpg.PostgresError as error:
                if error.severity_en == "ERROR" or _is_ours(error):
                    # An answer like any other: the connection is as good as before.
                    self._idle.append(connection)
                else:
                    self._drop(connection)
                raise
            except BaseException:
                self._drop(connection)
                raise
            self._idle.append(connection)
            return rows
        finally:
            self._places.leave()

    async def _borrow(self) -> Connection:
        while self._idle:
            # The one that was used last: the others may close in peace when PostgreSQL restarts.
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._open.discard(connection)
        try:
            connection = await self._connect()
        except (*_LOST, asyncpg.PostgresError) as error:
            raise unavailable() from error
        self._open.add(connection)
        return connection

    def _drop(self, connection: Connection) -> None:
        """Close a connection in the background; PostgreSQL is told to stop what it may still be doing for it."""
        self._open.discard(connection)
        task = asyncio.create_task(_closed(connection))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _is_ours(error: asyncpg.PostgresError) -> bool:
    return (error.sqlstate or "")[:2] in _OURS


async def _closed(connection: Connection) -> None:
    with contextlib.suppress(*_LOST, asyncpg.PostgresError):
        await connection.close(timeout=2)


def connect(settings: ServiceSettings, application: str, observe: Observe) -> Database:
    """Return the database of the settings. It may come up later: a connection is made when it is needed."""

    async def open_connection() -> Connection:
        return await asyncpg.connect(
            host=settings.db_host,
            port=settings.db_port,
            database=settings.db_name,
            user=settings.db_user,
            password=settings.db_password,
            timeout=settings.db_timeout_seconds,
            command_timeout=settings.db_timeout_seconds,
            server_settings={
                "application_name": application,
                "jit": "off",
                "statement_timeout": str(int(settings.db_timeout_seconds * 1000 * _SOONER) or 1),
            },
        )

    places = Turnstile(settings.db_pool_size, settings.db_max_waiting, settings.db_wait_seconds)
    return Database(open_connection, places, observe)
