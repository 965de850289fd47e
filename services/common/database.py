"""Connections to PostgreSQL: one round trip a statement, and what is told when it fails (contract 4.13)."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
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
# Whether it can be written to, and which of some backends work: one that has prepared a statement and waits to be told
# more is active, too, and does nothing. Those of them that have waited too long for somebody else's lock are told to
# give it up: then it is certain that they have written nothing.
_PROBE = """
SELECT current_setting('transaction_read_only') = 'off',
       ARRAY(SELECT pid FROM pg_stat_activity
             WHERE pid = ANY($1::int[]) AND state = 'active' AND wait_event IS DISTINCT FROM 'ClientRead'),
       (SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
        WHERE pid = ANY($2::int[]) AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '0.2 s')
"""
# After how long PostgreSQL is asked whether it works on a statement, and how often it may say no while the answer may
# still be on a slow way; how long a connection may take; how often all this is looked at.
_ASK_SECONDS = 0.4
_DENIALS = 3
_CONNECT_SECONDS = 1.2
_LOOK_SECONDS = 0.1
# How long a PostgreSQL that is asked again and again may say nothing. Who looks so late was held itself, and begins to
# count anew.
_SILENT_SECONDS = 0.9
_STALLED_SECONDS = 0.4
# PostgreSQL gives a statement up a little before we do: then it is certain that nothing was written.
_SOONER = 0.9


def unavailable() -> Refusal:
    """A 503 for a database that does not answer; nothing was written, and nothing about it is told."""
    return Refusal(503, "database_unavailable", "the database does not answer; try again", headers={"Retry-After": "1"})


def outcome_unknown() -> Refusal:
    """A 503 for a write whose answer was lost: it may stand or not."""
    why = "whether this was written is not known; send it again with the same operation_id"
    return Refusal(503, "outcome_unknown", why, headers={"Retry-After": "1"})


@dataclass(frozen=True, slots=True)
class _Told:
    """What PostgreSQL says of itself."""

    can_write: bool
    working: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Question:
    """Which backends should be at work, and which of them have had their time to wait for a lock."""

    asked: tuple[int, ...] = ()
    overdue: tuple[int, ...] = ()


class _UnderWay:
    """A statement under way, or a connection that is being made, which can be given up from outside.

    ``since`` is when its call began to wait for the database.
    """

    __slots__ = ("_all", "_task", "began", "connection", "denials", "is_given_up", "since")

    def __init__(self, everything: "dict[_UnderWay, None]", connection: Connection, since: float) -> None:
        self.connection = connection
        self.since = since
        self.began = time.monotonic()
        self.denials = 0
        self.is_given_up = False
        self._all = everything
        self._task = asyncio.current_task()

    def __enter__(self) -> None:
        self._all[self] = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del self._all[self]
        # Somebody else may have cancelled the task, too. asyncio.timeout does the same, and takes longer.
        if self.is_given_up and self._task and self._task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def give_up(self) -> None:
        """Let it end with a TimeoutError."""
        if not self.is_given_up and self._task:
            self.is_given_up = True
            self._task.cancel()


class Database:
    """Connections that are made as they are needed and kept; every statement is counted and timed.

    A statement borrows one for its time. asyncpg's own pool starts two tasks for each statement, which takes as long
    as the statement. ``observe(operation, seconds, ok)`` is called after each, with the caller's name for it.

    Nobody waits for what will not come: PostgreSQL is asked about statements that take long. One that it works on goes
    on; one that it does not know of is lost; one that waits for somebody's lock does so for ``hang_seconds``; and when
    it says nothing for so long, everybody is told so at once until it does.
    """

    def __init__(self, connect: Connect, places: Turnstile, observe: Observe, hang_seconds: float) -> None:
        self._connect = connect
        self._places = places
        self._observe = observe
        self._hang_seconds = hang_seconds
        self._under_way: dict[_UnderWay, None] = {}
        self._is_away = False
        self._next_look: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        # Since when PostgreSQL is asked again and again, when it was last looked at, and heard of.
        self._asking_since: float | None = None
        self._looked_at = self._heard_at = 0.0
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
        if self._is_away:
            return False
        told = await self._probes.ask(_Question())
        return told is not None and told.can_write and time.monotonic() >= self._cannot_write_until

    async def close(self) -> None:
        """Close all connections."""
        if self._next_look is not None:
            self._next_look.cancel()
        if self._looking is not None:
            self._looking.cancel()
        for connection in [*self._open, *([self._probing] if self._probing else [])]:
            self._drop(connection)
        if self._closing:
            await asyncio.wait(self._closing)

    async def _probe(self, asking: list[_Question]) -> list[_Told | None]:
        told = None
        asked, overdue = ([pid for one in asking for pid in getattr(one, name)] for name in ("asked", "overdue"))
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                if self._probing is None or self._probing.is_closed():
                    self._probing = await self._connect()
                can_write, working, _ = await self._probing.fetchrow(_PROBE, asked, overdue)
                told = _Told(can_write, frozenset(working))
                self._heard_at = time.monotonic()
        except (*_LOST, asyncpg.PostgresError):
            if self._probing is not None:
                self._drop(self._probing)
            self._probing = None
        return [told] * len(asking)

    def _keep_looking(self, seconds: float) -> None:
        if self._next_look is None:
            self._next_look = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        self._next_look = None
        now = time.monotonic()
        old = [one for one in self._under_way if now - one.began >= _ASK_SECONDS]
        if self._under_way or self._is_away:
            self._keep_looking(_LOOK_SECONDS)
        if not old and not self._is_away:
            self._asking_since = None
            return
        if self._asking_since is None or now - self._looked_at > _STALLED_SECONDS:
            self._asking_since = now
        self._looked_at = now
        if self._looking is None:
            self._looking = asyncio.create_task(self._ask_after(old))
        silent_since = max(self._asking_since, self._heard_at)
        if old and now - old[0].began >= self._hang_seconds and now - silent_since >= _SILENT_SECONDS:
            self._is_away = True
            for one in self._under_way:
                one.give_up()

    async def _ask_after(self, old: list[_UnderWay]) -> None:
        now = time.monotonic()
        pids = {one: one.connection.get_server_pid() for one in old if one.connection is not None}
        overdue = tuple(pid for one, pid in pids.items() if now - one.since >= self._hang_seconds)
        try:
            told = await self._probes.ask(_Question(tuple(pids.values()), overdue))
        finally:
            self._looking = None
        if told is not None:
            self._is_away = False
            self._give_up_what_is_lost([one for one in old if one in self._under_way], pids, told)

    def _give_up_what_is_lost(self, old: list[_UnderWay], pids: dict[_UnderWay, int], told: _Told) -> None:
        for one in old:
            if one not in pids:
                if time.monotonic() - one.began >= _CONNECT_SECONDS:
                    one.give_up()
            elif pids[one] not in told.working:
                one.denials += 1
                if one.denials >= _DENIALS:
                    one.give_up()

    def _wait_for(self, connection: Connection, since: float) -> _UnderWay:
        self._keep_looking(_ASK_SECONDS)
        return _UnderWay(self._under_way, connection, since)

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
        since = time.monotonic()
        await self._places.enter()
        try:
            if self._is_away:
                raise unavailable()
            connection = await self._borrow()
            try:
                with self._wait_for(connection, since):
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
            with self._wait_for(None, time.monotonic()):
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
    return Database(open_connection, places, observe, settings.db_hang_seconds)
