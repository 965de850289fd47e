"""The target's Redis, as far as tests prepare it. redis-py takes longer to import than a test takes to run."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Any

import hiredis

from libraries.target import Redis

_SECONDS = 5.0


class Connection:
    """One connection to one database, for the length of a ``with`` block.

    Raises AssertionError naming the address and the setting when Redis does not answer or refuses.
    """

    def __init__(self, where: Redis, database: int) -> None:
        self._where = where
        self._database = database
        self._replies = hiredis.Reader()

    def __enter__(self) -> Connection:
        where = self._where
        try:
            self._socket = socket.create_connection((where.host, where.port), timeout=_SECONDS)
        except OSError as error:
            raise self._failure(error) from None
        if where.password is not None:
            self.ask("AUTH", where.password.value)
        self.ask("SELECT", self._database)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def ask(self, *command: str | bytes | int) -> Any:
        """Send a command and return the reply."""
        words: tuple[Any, ...] = command
        try:
            self._socket.sendall(hiredis.pack_command(words))
            while (reply := self._replies.gets()) is False:
                received = self._socket.recv(65536)
                if not received:
                    raise OSError("it closed the connection")
                self._replies.feed(received)
        except OSError as error:
            raise self._failure(error) from None
        if isinstance(reply, Exception):
            raise self._failure(reply)
        return reply

    def forget(self, pattern: str) -> None:
        """Delete all keys of a pattern."""
        place: bytes | int = 0
        while True:
            place, keys = self.ask("SCAN", place, "MATCH", pattern, "COUNT", 1000)
            if keys:
                self.ask("DEL", *keys)
            if int(place) == 0:
                return

    def _failure(self, error: Exception) -> AssertionError:
        where = self._where
        return AssertionError(
            f"Redis at {where.host}:{where.port} does not do as it is asked: {error}. "
            "Change TARGET_REDIS_HOST, _PORT or _PASSWORD."
        )
