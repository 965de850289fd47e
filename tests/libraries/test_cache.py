"""Dropping what is cached of a player, in a real Redis."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from robot.api.types import Secret

from libraries.ledger import rows
from libraries.target import redis as connecting
from libraries.target.settings import Target
from stack import binaries
from stack.ports import HOST, Ports, answers
from stack.processes import spawn, stop_all, wait_until

PASSWORD = "a long password of the tests"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("redis")
    port = Ports().take("redis")
    options = ["--bind", HOST, "--port", str(port), "--dir", str(folder), "--save", "", "--requirepass", PASSWORD]
    process = spawn([binaries.redis_server(), *options], env=os.environ, cwd=folder, log=folder / "log")
    try:
        assert wait_until(lambda: answers(port), 10)
        yield port
    finally:
        stop_all([(process, signal.SIGKILL)], 5.0)


def drop(monkeypatch: pytest.MonkeyPatch, port: int, user_id: str, password: str = PASSWORD) -> None:
    found = Target("x", redis_host=HOST, redis_port=port, redis_password=Secret(password))
    for module in (rows, connecting):
        monkeypatch.setattr(module, "target", lambda: found)
    rows.drop_cached(user_id)


def test_only_the_keys_of_the_player_and_database_are_dropped(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    one, two = (redis.Redis(HOST, port, number, PASSWORD) for number in (1, 2))
    one.mset({f"inventory:me:{number}": "x" for number in range(3000)})
    one.set("inventory:you:1", b"\x00\xff")
    two.set("inventory:me:1", "x")
    drop(monkeypatch, port, "me")
    assert one.keys("*") == [b"inventory:you:1"]
    assert two.dbsize() == 1
    drop(monkeypatch, port, "")
    assert one.dbsize() == 0
    one.close()
    two.close()


def test_wrong_password_names_the_setting_and_not_the_password(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    with pytest.raises(AssertionError, match="TARGET_REDIS_HOST, _PORT or _PASSWORD") as raised:
        drop(monkeypatch, port, "me", "not the right one")
    assert "not the right one" not in str(raised.value)


def test_nobody_there_names_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Ports().take("nobody")
    with pytest.raises(AssertionError, match=f"Redis at {HOST}:{nowhere} does not do"):
        drop(monkeypatch, nowhere, "me")
