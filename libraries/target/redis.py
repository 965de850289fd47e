"""The target's Redis, as far as tests look into it or prepare it; importing redis-py takes longer than a test."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import hiredis
from robot.api import SkipExecution

from libraries.target.preparing import target

# How Redis begins to say that a command is not for this user, or for nobody.
_FORBIDDEN = ("NOPERM", "ERR unknown command")


@contextmanager
def redis(database: int) -> Iterator[Callable[..., Any]]:
    """Give a function that sends one command and returns the reply, in a database.

    Raises AssertionError naming the address and the setting when Redis does not answer or refuses; skips the test when
    a test's user may not ask that there.
    """
    found = target()
    reader = hiredis.Reader()
    try:
        with socket.create_connection((found.redis_host, found.redis_port), timeout=5.0) as connection:

            def ask(*command: Any) -> Any:
                connection.sendall(hiredis.pack_command(command))
                while (reply := reader.gets()) is False:
                    reader.feed(connection.recv(65536) or b"-ERR it closed the connection\r\n")
                if isinstance(reply, hiredis.HiredisError):
                    raise reply
                return reply

            if found.redis_password is not None:
                ask("AUTH", found.redis_password.value)
            ask("SELECT", database)
            yield ask
    except (OSError, hiredis.HiredisError) as error:
        if str(error).startswith(_FORBIDDEN):
            raise SkipExecution(f"Redis of target {found.name} does not let everybody ask that: {error}") from None
        raise AssertionError(
            f"Redis at {found.redis_host}:{found.redis_port} does not do as it is asked: {error}. "
            "Change TARGET_REDIS_HOST, _PORT or _PASSWORD."
        ) from None
