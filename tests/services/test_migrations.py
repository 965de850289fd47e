"""Migrations: once each, in order, whole or not at all, also when two starters come at once."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from services.migrations.apply import SERVICE_ROLES, Migration, MigrationError, apply, migrate, read_migrations
from stack.state import USER
from tests.services.world import World, environment, run_to_end

T = TypeVar("T")
ALL = [migration.name for migration in read_migrations()]
TABLE = Migration("0001_table.sql", "CREATE TABLE things (n integer)")


@pytest.fixture
def database(world: World) -> Iterator[str]:
    name = f"migrated_{uuid.uuid4().hex}"
    world.rows(f"CREATE DATABASE {name}")
    yield name
    world.rows(f"DROP DATABASE {name} WITH (FORCE)")


def address(world: World, database: str) -> tuple[str, int, str, str, str]:
    postgres = world.state.postgres
    return postgres.host, postgres.port, database, USER, world.secrets.db_password


def connected(world: World, database: str, use: Callable[[Any], Awaitable[T]]) -> T:
    async def run() -> T:
        host, port, name, user, password = address(world, database)
        connection = await asyncpg.connect(host=host, port=port, database=name, user=user, password=password)
        try:
            return await use(connection)
        finally:
            await connection.close()

    return asyncio.run(run())


def test_second_run_applies_nothing(world: World, database: str) -> None:
    first = asyncio.run(migrate(*address(world, database)))
    assert first == ALL
    assert len(ALL) >= 4
    assert asyncio.run(migrate(*address(world, database))) == []


def test_two_starters_at_once_apply_each_file_once(world: World, database: str) -> None:
    async def both() -> list[list[str]]:
        return await asyncio.gather(*(migrate(*address(world, database)) for _ in range(3)))

    assert sorted(asyncio.run(both())) == [[], [], ALL]


def test_changed_file_is_refused(world: World, database: str) -> None:
    assert connected(world, database, lambda c: apply(c, [TABLE])) == [TABLE.name]
    changed = Migration(TABLE.name, f"{TABLE.sql}; -- more")
    with pytest.raises(MigrationError, match=r"0001_table\.sql was changed after it was applied"):
        connected(world, database, lambda c: apply(c, [changed]))


def test_broken_file_leaves_nothing_and_the_files_before_it_stay(world: World, database: str) -> None:
    broken = Migration("0002_broken.sql", "CREATE TABLE more (n integer); SELECT nonsense")
    with pytest.raises(MigrationError, match=r'0002_broken\.sql failed: .*"nonsense"'):
        connected(world, database, lambda c: apply(c, [TABLE, broken]))

    async def found(connection: Any) -> tuple[object, object, list[str]]:
        rows = await connection.fetch("SELECT name FROM migrations.applied")
        known = [await connection.fetchval("SELECT to_regclass($1)::text", name) for name in ("things", "more")]
        return known[0], known[1], [row["name"] for row in rows]

    assert connected(world, database, found) == ("things", None, [TABLE.name])
    mended = Migration(broken.name, "CREATE TABLE more (n integer)")
    assert connected(world, database, lambda c: apply(c, [TABLE, mended])) == [broken.name]


def test_files_are_read_in_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("0010_b.sql", "0002_a.sql", "notes.sql", "0003_c.txt"):
        (tmp_path / name).write_text("SELECT 1")
    assert [migration.name for migration in read_migrations(tmp_path)] == ["0002_a.sql", "0010_b.sql"]


def test_command_says_what_it_applied(world: World, database: str) -> None:
    env = environment(world, DB_NAME=database)
    first = run_to_end("services.migrations", env)
    assert (first.returncode, first.stdout) == (0, f"applied: {', '.join(ALL)}\n"), first.stderr
    again = run_to_end("services.migrations", env)
    assert (again.returncode, again.stdout) == (0, "nothing to apply: the database is up to date\n")


def test_services_log_in_as_roles_of_their_own_that_can_only_add(world: World, database: str) -> None:
    told = {"DB_NAME": database, "DB_SERVICES_PASSWORD": 'it\'s \\ "quoted"'}
    assert run_to_end("services.migrations", environment(world, **told)).returncode == 0
    try:
        for role in SERVICE_ROLES:
            env = environment(world, **told) | {"DB_USER": role, "DB_PASSWORD": told["DB_SERVICES_PASSWORD"]}
            refused = run_to_end("services.migrations", env)
            assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
            assert "let the owner run them: permission denied" in refused.stderr
    finally:
        back = {"DB_NAME": database, "DB_SERVICES_PASSWORD": world.secrets.services_db_password}
        assert run_to_end("services.migrations", environment(world, **back)).returncode == 0


def test_settings_of_other_clients_do_not_steer_the_command(world: World, database: str) -> None:
    steering = {
        "PGSERVICE": "no_such_service",
        "PGTARGETSESSIONATTRS": "standby",
        "PGOPTIONS": "-c search_path=nowhere",
    }
    env = environment(world, DB_NAME=database) | steering
    done = run_to_end("services.migrations", env)
    assert (done.returncode, done.stderr) == (0, "")
    # What secures the way to the database is the operator's to say: this server has no certificate.
    refused = run_to_end("services.migrations", env | {"PGSSLMODE": "require"})
    assert refused.returncode == 1
    assert "SSL" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_command_without_a_database_ends_with_one_line() -> None:
    ended = run_to_end("services.migrations", environment(None))
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: cannot connect to PostgreSQL at 127.0.0.1:1/")
    assert ended.stderr.count("\n") == 1


def test_ledger_rows_cannot_be_changed_or_removed(world: World, stone: str) -> None:
    player = world.person()
    world.write_past(player.id, stone, 5, 0)
    for statement in (
        "UPDATE inventory.operations SET quantity_change = 9",
        "DELETE FROM inventory.operations",
    ):
        with pytest.raises(Exception, match="append-only"):
            world.rows(f"{statement} WHERE user_id = %s", player.id)
    assert world.ledger(player.id) == [("chest_reward", "main", 5)]
