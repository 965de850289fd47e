"""A Robot Framework listener that notes a run's HTTP calls and SQL: ``--listener benchmarks.recorder:FILE``.

It looks on from below the libraries, so that they need not know: at ``http.client``, on which RequestsLibrary stands,
and at psycopg2. The file holds tokens; :mod:`benchmarks.floor` keeps it in a folder that is removed.
"""

from __future__ import annotations

import http.client
import io
import json
import pickle
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import cursor

from stack import client as stack_client

ROBOT_LISTENER_API_VERSION = 3
_LOGINS = ("/auth", "/auth/login", "/auth/service-token")


@dataclass(frozen=True)
class Event:
    """A call or a statement. ``address`` is None for SQL; ``login`` is the body that a login was answered with."""

    started: float
    ended: float
    together: bool
    content: bytes
    address: tuple[str, int] | None = None
    status: int = 0
    login: dict[str, Any] | None = None


@dataclass(frozen=True)
class Recording:
    """A run: its events in the order of their starts, and the seconds it waited for processes to start and stop."""

    events: list[Event]
    waited: float


_events: list[Event] = []
_waits: list[float] = []
_sent: dict[int, tuple[float, bytearray]] = {}


def _together() -> bool:
    return threading.current_thread() is not threading.main_thread()


def _watch_http() -> None:
    send, getresponse = http.client.HTTPConnection.send, http.client.HTTPConnection.getresponse

    def noting_send(self: http.client.HTTPConnection, data: Any) -> None:
        _sent.setdefault(id(self), (time.perf_counter(), bytearray()))[1].extend(bytes(data))
        send(self, data)

    def noting_getresponse(self: http.client.HTTPConnection) -> http.client.HTTPResponse:
        started, sent = _sent.pop(id(self), (time.perf_counter(), bytearray()))
        response = getresponse(self)
        path = bytes(sent).split(b" ", 2)[1].decode("latin-1").removeprefix("/api") if sent else ""
        login = _peeked(response) if path in _LOGINS and response.status == http.HTTPStatus.OK else None
        address = (str(self.host), int(self.port or 80))
        ended = time.perf_counter()
        _events.append(Event(started, ended, _together(), bytes(sent), address, response.status, login))
        return response

    http.client.HTTPConnection.send = noting_send  # type: ignore[method-assign]
    http.client.HTTPConnection.getresponse = noting_getresponse  # type: ignore[method-assign]


def _peeked(response: http.client.HTTPResponse) -> dict[str, Any]:
    """Return the body and leave it to be read again."""
    body = response.read()
    response.fp, response.length = io.BufferedReader(io.BytesIO(body)), len(body)
    content: dict[str, Any] = json.loads(body)
    return content


class _NotingCursor(cursor):
    """Notes statements with their values filled in."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002  psycopg2's name
        statement, started = self.mogrify(query, vars), time.perf_counter()
        try:
            super().execute(query, vars)
        finally:
            _events.append(Event(started, time.perf_counter(), _together(), statement))

    def executemany(self, query: Any, vars_list: Any) -> None:
        for values in vars_list:
            self.execute(query, values)


def _watch_sql() -> None:
    connect = psycopg2.connect

    def noting_connect(*args: Any, **options: Any) -> Any:
        return connect(*args, **{"cursor_factory": _NotingCursor, **options})

    psycopg2.connect = noting_connect


def _watch_processes() -> None:
    def timed(name: str) -> None:
        act = getattr(stack_client, name)

        def timed_act(*args: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return act(*args, **options)
            finally:
                _waits.append(time.perf_counter() - started)

        setattr(stack_client, name, timed_act)

    timed("spawn_extra_inventory")
    timed("stop_extra")


class recorder:  # noqa: N801  Robot Framework finds a module's listener by its name
    """The listener; robot calls ``close`` at the end of the run."""

    ROBOT_LISTENER_API_VERSION = ROBOT_LISTENER_API_VERSION

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        _watch_http()
        _watch_sql()
        _watch_processes()

    def close(self) -> None:
        """Write the recording."""
        recording = Recording(sorted(_events, key=lambda event: event.started), sum(_waits))
        self._path.write_bytes(pickle.dumps(recording))
