"""A stack that mends itself, and the trouble that is made for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stack import client
from stack.errors import StackError
from stack.ports import answers
from stack.postgres import accepts, connect, execute
from stack.processes import wait_until
from stack.state import State
from stack.trouble import Trouble

_PATIENCE = 20.0


@pytest.fixture(scope="module")
def mending(stack_home: Path) -> Iterator[State]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHARD_STACK_HOME", str(stack_home))
        patch.setenv("SHARD_SERVICE_MODULE_PREFIX", "stub_services")
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        state = client.attach_or_start(mends=True)
        yield state
        client.stop(state)


@pytest.fixture(scope="module")
def trouble(mending: State) -> Iterator[Trouble]:
    made = Trouble(mending)
    yield made
    made.close()


def test_what_is_killed_is_started_again_where_it_was(mending: State, trouble: Trouble) -> None:
    before = mending.refreshed()
    for part in ("redis", "instance", "auth"):
        trouble.make(f"kill {part}")
    assert wait_until(lambda: mending.refreshed().redis.pid != before.redis.pid, _PATIENCE)
    assert wait_until(lambda: mending.refreshed().auth.pid != before.auth.pid, _PATIENCE)
    assert wait_until(lambda: mending.refreshed().inventory[-1].pid != before.inventory[-1].pid, _PATIENCE)
    assert wait_until(lambda: answers(before.redis.port), _PATIENCE)
    trouble.settle()
    assert mending.refreshed().dead == ()


def test_a_killed_database_keeps_what_was_committed(mending: State, trouble: Trouble) -> None:
    port, password = mending.postgres.port, mending.load_secrets().db_password
    execute(port, password, "CREATE TABLE kept AS SELECT 7 AS number")
    trouble.make("kill database")
    assert wait_until(lambda: accepts(port, password), _PATIENCE)
    with connect(port, password) as session, session.cursor() as cursor:
        cursor.execute("SELECT number FROM kept")
        assert cursor.fetchall() == [(7,)]
        cursor.execute("SHOW fsync")
        assert cursor.fetchall() == [("on",)]


def test_redis_can_lose_its_data_and_the_database_be_written_again_after_it_was_not(
    mending: State, trouble: Trouble
) -> None:
    port, password = mending.postgres.port, mending.load_secrets().db_password
    before = mending.refreshed().redis.pid
    trouble.make("wipe redis")
    assert wait_until(lambda: mending.refreshed().redis.pid != before, _PATIENCE)
    trouble.make("read-only database")
    execute(port, password, "CREATE TABLE written ()")


def test_trouble_that_there_is_not_is_named(mending: State, trouble: Trouble) -> None:
    with pytest.raises(StackError, match="there is no trouble 'flood database'"):
        trouble.make("flood database")
    with pytest.raises(StackError, match="there is no part 'moon'"):
        trouble.make("kill moon")
    with pytest.raises(StackError, match="only redis can lose its data"):
        trouble.make("wipe database")
    with pytest.raises(StackError, match="start it with `python -m stack up --restart`"):
        Trouble(replace(mending, mends=False))
