"""Connections to PostgreSQL: one round trip a statement."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from services.common.errors import Refusal
from services.common.settings import ServiceSettings

Connection = Any
Connect = Callable[[], Awaitable[Connection]]
Observe = Callable[[str, float, bool], None]

# PostgreSQL may be restarting: the call can be made again.
_AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    TimeoutError,
    asyncpg.QueryCanceledError,
    asyncpg.InvalidPasswordError,
    asyncpg.InvalidCatalogNameError,
)


def unavailable() -> Refusal:
    """A 503 for a database that does not answer; nothing about it is told."""
    return Refusal(503, "database_unavailable", "the database does not answer; try again", headers={"Retry-After": "1"})


class Database:
    """Connections that are made as they are needed and kept; every statement is counted and timed.

    A statement borrows one for its time. asyncpg's own pool starts two tasks for each statement, which takes as long
    as the statement. ``observe(operation, seconds, ok)`` is called after each, with the caller's name for it.
    """

    def __init__(self, connect: Connect, size: int, timeout: float, observe: Observe) -> None:
        self._connect = connect
        self._timeout = timeout
        self._observe = observe
        self._free = asyncio.Semaphore(size)
        self._open: set[Connection] = set()
        self._idle: list[Connection] = []
        self._closing: set[asyncio.Task[None]] = set()

    def connections(self) -> int:
        """Return how many connections are open."""
        return sum(not connection.is_closed() for connection in self._open)

    def idle_connections(self) -> int:
        """Return how many connections wait for a statement."""
        return sum(not connection.is_closed() for connection in self._idle)

    async def rows(self, operation: str, sql: str, *args: Any) -> list[asyncpg.Record]:
        """Run one statement and return its rows. Raises Refusal 503 when the database is away."""
        started = time.perf_counter()
        ok = False
        try:
            rows = await self._run(sql, args)
            ok = True
            return rows
        except _AWAY as error:
            raise unavailable() from error
        finally:
            self._observe(operation, time.perf_counter() - started, ok)

    async def row(self, operation: str, sql: str, *args: Any) -> asyncpg.Record:
        """Run one statement that gives exactly one row."""
        return (await self.rows(operation, sql, *args))[0]

    async def answers(self) -> bool:
        """Say whether the database answers within a second."""
        try:
            async with asyncio.timeout(1):
                await self._run("SELECT 1", ())
        except (*_AWAY, asyncpg.PostgresError):
            return False
        return True

    async def close(self) -> None:
        """Close all connections."""
        for connection in [*self._open]:
            self._drop(connection)
        if self._closing:
            await asyncio.wait(self._closing)

    async def _run(self, sql: str, args: Sequence[Any]) -> list[asyncpg.Record]:
        if self._free.locked():
            async with asyncio.timeout(self._timeout):
                await self._free.acquire()
        else:
            await self._free.acquire()
        try:
            connection = await self._borrow()
            try:
                rows: list[asyncpg.Record] = await connection.fetch(sql, *args)
            except asyncpg.PostgresError:
                # An answer like any other: the connection is as good as before.
                self._idle.append(connection)
                raise
            except BaseException:
                self._drop(connection)
                raise
            self._idle.append(connection)
            return rows
        finally:
            self._free.release()

    async def _borrow(self) -> Connection:
        while self._idle:
            # The one that was used last: the others may close in peace when PostgreSQL restarts.
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._open.discard(connection)
        connection = await self._connect()
        self._open.add(connection)
        return connection

    def _drop(self, connection: Connection) -> None:
        """Close a connection in the background; PostgreSQL is told to stop what it may still be doing for it."""
        self._open.discard(connection)
        task = asyncio.create_task(_closed(connection))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _closed(connection: Connection) -> None:
    with contextlib.suppress(*_AWAY, asyncpg.PostgresError):
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
            server_settings={"application_name": application, "jit": "off"},
        )

    return Database(open_connection, settings.db_pool_size, settings.db_timeout_seconds, observe)
