"""Connections to PostgreSQL: one pool a process, one round trip a statement."""

import time
from collections.abc import Callable
from typing import Any

import asyncpg

from services.common.errors import Refusal
from services.common.settings import ServiceSettings

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
    """A pool whose every statement is counted and timed.

    ``observe(operation, seconds, ok)`` is called after each statement; ``operation`` is the caller's name for it.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", timeout: float, observe: Observe) -> None:
        self.pool = pool
        self._timeout = timeout
        self._observe = observe

    async def rows(self, operation: str, sql: str, *args: Any) -> list[asyncpg.Record]:
        """Run one statement and return its rows. Raises Refusal 503 when the database is away."""
        started = time.perf_counter()
        ok = False
        try:
            async with self.pool.acquire(timeout=self._timeout) as connection:
                rows: list[asyncpg.Record] = await connection.fetch(sql, *args)
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
            async with self.pool.acquire(timeout=1) as connection:
                await connection.execute("SELECT 1", timeout=1)
        except (*_AWAY, asyncpg.PostgresError):
            return False
        return True


async def connect(settings: ServiceSettings, application: str, observe: Observe) -> Database:
    """Open the pool. Connections are made as they are needed, so the database may come up later."""

    async def reset(_: Any) -> None:
        # Statements here leave nothing on a connection that would have to be reset.
        return None

    pool = asyncpg.create_pool(
        host=settings.db_host,
        port=settings.db_port,
        database=settings.db_name,
        user=settings.db_user,
        password=settings.db_password,
        min_size=0,
        max_size=settings.db_pool_size,
        max_inactive_connection_lifetime=0,
        timeout=settings.db_timeout_seconds,
        command_timeout=settings.db_timeout_seconds,
        server_settings={"application_name": application, "jit": "off"},
        reset=reset,
    )
    await pool
    return Database(pool, settings.db_timeout_seconds, observe)
