"""Connections to PostgreSQL: borrowed, kept, dropped, and never more than allowed."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator

import asyncpg
import pytest

from services.common.database import Database, connect
from services.common.errors import Refusal
from services.common.settings import ServiceSettings, load_settings
from stack.postgres import connect as connect_as_owner
from stack.processes import wait_until
from stack.proxy import TroubleProxy
from tests.services.world import World, environment

Use = Callable[[Database], Awaitable[None]]
NAME = "database-tests"


def use(world: World, monkeypatch: pytest.MonkeyPatch, act: Use, **settings: str) -> list[bool]:
    for name, value in environment(world, **settings).items():
        monkeypatch.setenv(name, value)
    observed: list[bool] = []

    async def run() -> None:
        database = connect(load_settings(ServiceSettings), NAME, lambda _o, _s, ok: observed.append(ok))
        try:
            await act(database)
        finally:
            await database.close()
        assert database.connections() == 0

    asyncio.run(run())
    return observed


def test_one_connection_serves_one_statement_after_the_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(database: Database) -> None:
        for _ in range(3):
            await database.row("any", "SELECT 1")
        assert (database.connections(), database.idle_connections()) == (1, 1)

    assert use(world, monkeypatch, act) == [True, True, True]


def test_statements_wait_when_all_connections_are_in_use(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(database: Database) -> None:
        await asyncio.gather(*(database.row("any", "SELECT pg_sleep(0.01)") for _ in range(6)))
        assert database.connections() == 2

    use(world, monkeypatch, act, DB_POOL_SIZE="2")


def test_waiting_for_a_connection_ends_with_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(database: Database) -> None:
        statements = ("SELECT pg_sleep(5)", "SELECT pg_sleep(5)", "SELECT 1")
        answers = await asyncio.gather(*(database.row("any", sql) for sql in statements), return_exceptions=True)
        assert [getattr(one, "code", one) for one in answers] == ["database_unavailable", "overloaded", "overloaded"]

    settings = {"DB_POOL_SIZE": "1", "DB_TIMEOUT_SECONDS": "0.4", "DB_WAIT_SECONDS": "0.1"}
    assert use(world, monkeypatch, act, **settings) == [False] * 3


@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [
        ("53100", "database_unavailable"),
        ("55P03", "database_unavailable"),
        ("40P01", "database_unavailable"),
        ("25006", "database_unavailable"),
        ("57014", "database_unavailable"),
        ("58030", "database_unavailable"),
        ("XX000", "database_unavailable"),
    ],
)
def test_what_postgresql_says_of_itself_is_a_503_and_certain(
    world: World, monkeypatch: pytest.MonkeyPatch, sqlstate: str, code: str
) -> None:
    async def act(database: Database) -> None:
        with pytest.raises(Refusal) as raised:
            await database.write("any", _raising(sqlstate))
        assert (raised.value.status, raised.value.code) == (503, code)
        assert raised.value.headers["Retry-After"] == "1"
        assert database.connections() == database.idle_connections() == 1
        assert await database.answers() is (sqlstate[:2] not in ("53", "25", "58"))

    use(world, monkeypatch, act)


@pytest.mark.parametrize("sqlstate", ["22012", "23514", "42501", "P0001"])
def test_what_is_wrong_with_a_statement_is_no_503(world: World, monkeypatch: pytest.MonkeyPatch, sqlstate: str) -> None:
    async def act(database: Database) -> None:
        with pytest.raises(asyncpg.PostgresError) as raised:
            await database.write("any", _raising(sqlstate))
        assert raised.value.sqlstate == sqlstate

    use(world, monkeypatch, act)


def test_a_write_that_is_cut_off_may_have_been_made_and_a_read_may_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = (
        " FROM pg_stat_activity WHERE application_name = %s AND query LIKE '%%pg_sleep(8)%%' AND wait_event = 'PgSleep'"
    )

    async def act(database: Database) -> None:
        asked = [
            asyncio.create_task(database.write("any", "SELECT pg_sleep(8)")),
            asyncio.create_task(database.rows("any", "SELECT pg_sleep(8)")),
        ]
        count, end = (f"SELECT count({what}){theirs}" for what in ("*", "pg_terminate_backend(pid)"))
        assert await asyncio.to_thread(wait_until, lambda: world.rows(count, NAME) == [(2,)], 5)
        assert world.rows(end, NAME) == [(2,)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [getattr(one, "code", one) for one in answers] == ["outcome_unknown", "database_unavailable"]
        assert (await database.row("any", "SELECT 6"))[0] == 6

    use(world, monkeypatch, act)


def _raising(sqlstate: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$"


def test_refused_statement_keeps_its_connection(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(database: Database) -> None:
        with pytest.raises(asyncpg.UndefinedTableError):
            await database.row("any", "SELECT * FROM nowhere")
        assert (await database.row("any", "SELECT 5"))[0] == 5
        assert database.connections() == 1

    use(world, monkeypatch, act)


def test_statement_that_is_given_up_stops_in_the_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    running = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND query LIKE '%%pg_sleep(7)%%'"

    async def act(database: Database) -> None:
        given_up = asyncio.create_task(database.row("any", "SELECT pg_sleep(7)"))
        assert await asyncio.to_thread(wait_until, lambda: world.rows(running, NAME) == [(1,)], 5)
        given_up.cancel()
        assert await asyncio.to_thread(wait_until, lambda: world.rows(running, NAME) == [(0,)], 5)
        assert database.connections() == 0
        assert await database.answers()

    use(world, monkeypatch, act)


def test_connections_that_the_server_ended_are_made_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = %s"

    async def act(database: Database) -> None:
        await asyncio.gather(*(database.row("any", "SELECT pg_sleep(0.01)") for _ in range(2)))
        assert world.rows(end, NAME) == [(2,)]
        assert await asyncio.to_thread(wait_until, lambda: database.idle_connections() == 0, 5)
        assert (await database.row("any", "SELECT 6"))[0] == 6
        assert database.connections() == 1

    use(world, monkeypatch, act)


@pytest.fixture
def way(world: World) -> Iterator[TroubleProxy]:
    made = TroubleProxy(world.state.postgres.port)
    yield made
    made.close()


async def _is_told(code: str, statement: Awaitable[object], within: float) -> None:
    """Fail unless a statement is refused so, and soon; the limit is a second more than it should take."""
    with pytest.raises(Refusal) as raised:
        async with asyncio.timeout(within + 1):
            await statement
    assert (raised.value.status, raised.value.code) == (503, code)


def test_who_asks_a_silent_database_is_told_soon_and_who_comes_then_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, way: TroubleProxy
) -> None:
    async def act(database: Database) -> None:
        await asyncio.gather(*(database.row("any", "SELECT pg_sleep(0.01)") for _ in range(2)))
        assert await database.answers()
        way.pause()
        read, write = database.rows("any", "SELECT 2"), database.write("any", "SELECT 3")
        await asyncio.gather(
            _is_told("database_unavailable", read, 1.6), _is_told("outcome_unknown", write, 1.6)
        )  # fmt: skip
        started = time.monotonic()
        await _is_told("database_unavailable", database.write("any", "SELECT 4"), 0)
        assert time.monotonic() - started < 1
        way.behave()
        async with asyncio.timeout(5):
            while True:
                with contextlib.suppress(Refusal):
                    assert (await database.row("any", "SELECT 5"))[0] == 5
                    break
                await asyncio.sleep(0.05)

    use(world, monkeypatch, act, DB_PORT=str(way.port))


def test_a_statement_that_the_database_does_not_know_of_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, way: TroubleProxy
) -> None:
    async def act(database: Database) -> None:
        await database.row("any", "SELECT 1")
        way.forget()
        await _is_told("outcome_unknown", database.write("any", "SELECT 2"), 1.4)
        assert (await database.row("any", "SELECT 3"))[0] == 3

    use(world, monkeypatch, act, DB_PORT=str(way.port))


def _waits_to_be_told_more(world: World) -> bool:
    owner = connect_as_owner(world.state.postgres.port, world.secrets.db_password)
    with contextlib.closing(owner), owner.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE application_name = %s AND state = 'active' "
            "AND wait_event = 'ClientRead'",
            (NAME,),
        )
        return bool(cursor.rowcount)


def test_a_statement_whose_preparation_is_not_answered_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, way: TroubleProxy
) -> None:
    monkeypatch.setattr("stack.proxy._BROKEN", 1.0)

    async def act(database: Database) -> None:
        await database.row("any", "SELECT 1")
        way.break_off()
        statement = asyncio.create_task(database.write("any", "SELECT 2"))
        # PostgreSQL waits as soon as it has answered: the answer may still be on its way then.
        lost = await asyncio.to_thread(wait_until, lambda: way.has_broken_off and _waits_to_be_told_more(world), 5)
        assert lost
        way.behave()
        await _is_told("outcome_unknown", statement, 1.6)

    use(world, monkeypatch, act, DB_PORT=str(way.port))


def test_a_statement_that_the_database_works_on_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(database: Database) -> None:
        assert (await database.row("any", "SELECT 7 FROM pg_sleep(1.5)"))[0] == 7

    use(world, monkeypatch, act, DB_HANG_SECONDS="0.5")


def test_somebody_elses_lock_is_not_waited_for_for_long_and_then_nothing_was_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = "SELECT pg_advisory_xact_lock(71)"

    async def act(database: Database) -> None:
        with connect_as_owner(world.state.postgres.port, world.secrets.db_password) as holder:
            holder.autocommit = False
            holder.cursor().execute(lock)
            await _is_told("database_unavailable", database.write("any", lock), 1.0)
            assert database.idle_connections() == 1
            holder.rollback()
        await database.write("any", lock)

    use(world, monkeypatch, act, DB_HANG_SECONDS="0.5")
