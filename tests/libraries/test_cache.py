"""The little that tests ask of Redis, against a real one."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from robot.api.types import Secret

from libraries.cache import Connection
from libraries.target import Redis
from stack import binaries
from stack.ports import HOST, Ports, answers
from stack.processes import spawn, stop_all, wait_until

PASSWORD = "a long password of the tests"


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    folder: Path = tmp_path_factory.mktemp("redis")
    port = Ports().take("redis")
    options = ["--bind", HOST, "--port", str(port), "--dir", str(folder), "--save", "", "--requirepass", PASSWORD]
    process = spawn([binaries.redis_server(), *options], env=os.environ, cwd=folder, log=folder / "log")
    try:
        assert wait_until(lambda: answers(port), 10)
        yield Redis(HOST, port, Secret(PASSWORD))
    finally:
        stop_all([(process, signal.SIGKILL)], 5.0)


def test_only_the_keys_of_the_pattern_and_database_are_forgotten(where: Redis) -> None:
    with Connection(where, 1) as one, Connection(where, 2) as two:
        for number in range(3000):
            one.ask("SET", f"inventory:me:{number}", "x")
        one.ask("SET", "inventory:you:1", b"\x00\xff")
        two.ask("SET", "inventory:me:1", "x")
        one.forget("inventory:me*")
        assert one.ask("KEYS", "*") == [b"inventory:you:1"]
        assert one.ask("GET", "inventory:you:1") == b"\x00\xff"
        assert two.ask("DBSIZE") == 1


def test_wrong_password_names_the_setting_and_not_the_password(where: Redis) -> None:
    wrong = Redis(where.host, where.port, Secret("not the right one"))
    with pytest.raises(AssertionError, match="TARGET_REDIS_HOST, _PORT or _PASSWORD") as raised, Connection(wrong, 1):
        pass
    assert "not the right one" not in str(raised.value)


def test_nobody_there_names_the_address() -> None:
    nowhere = Redis(HOST, Ports().take("nobody"))
    with pytest.raises(AssertionError, match=f"Redis at {HOST}:{nowhere.port} does not do"), Connection(nowhere, 1):
        pass
