"""Sends a recorded run's calls and statements again, without any framework: the floor under the suites' time."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import uuid4

import psycopg2

from benchmarks.recorder import Event
from benchmarks.world import World

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TELEGRAM_ID = re.compile(rb'("telegram_id": ?)([0-9]{6,})')
_KNOWN = """
SELECT id::text FROM inventory.classifier_items UNION ALL SELECT id::text FROM inventory.classifiers
UNION ALL SELECT id::text FROM inventory.items
"""
_SECONDS = 30.0


@dataclass
class Replayed:
    """Seconds in calls and in statements, how many there were, and how many could not be or went another way."""

    http: float = 0.0
    sql: float = 0.0
    calls: int = 0
    statements: int = 0
    skipped: int = 0
    differing: int = 0

    @property
    def seconds(self) -> float:
        """The floor."""
        return self.http + self.sql


@dataclass
class _Names:
    """New names for what may be there once only: operation ids, users, tokens, telegram ids."""

    kept: set[bytes]
    uuids: dict[bytes, bytes] = field(default_factory=dict)
    tokens: dict[bytes, bytes] = field(default_factory=dict)
    shift: int = field(default_factory=lambda: uuid4().int % 10**6 * 10**9)

    def renamed(self, content: bytes) -> bytes:
        """Return a request or statement under the new names."""
        content = _UUID.sub(lambda found: self._uuid(found.group()), content)
        for old, new in self._tokens_in(content):
            content = content.replace(old, new)
        return _TELEGRAM_ID.sub(lambda found: found.group(1) + str(int(found.group(2)) + self.shift).encode(), content)

    def _uuid(self, old: bytes) -> bytes:
        if old in self.kept:
            return old
        return self.uuids.setdefault(old, str(uuid4()).encode())

    def _tokens_in(self, content: bytes) -> Iterator[tuple[bytes, bytes]]:
        start = content.find(b"Bearer ")
        if start >= 0:
            old = content[start + 7 :].split(b"\r\n", 1)[0]
            if old in self.tokens:
                yield old, self.tokens[old]

    def learn(self, recorded: dict[str, object], answered: dict[str, object]) -> None:
        """Take the token and the user of a login in the place of the recorded ones."""
        self.tokens[str(recorded["token"]).encode()] = str(answered["token"]).encode()
        old, new = recorded.get("user"), answered.get("user")
        if isinstance(old, dict) and isinstance(new, dict):
            self.uuids[str(old["id"]).encode()] = str(new["id"]).encode()


class Replay:
    """Replays recordings on the stack that they were made on."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept = {str(row[0]).encode() for row in world.query(_KNOWN)}
        where = [world.state.auth.url]
        for one in world.state.inventory:
            where += [one.public_url, one.metrics_url]
        self._there = {int(url.split(":")[2].split("/")[0]) for url in where}
        self._connections: dict[tuple[str, int, int], http.client.HTTPConnection] = {}

    def run(self, events: Sequence[Event]) -> Replayed:
        """Replay all events; those of other instances, which have ended since, are left out."""
        done, names = Replayed(), _Names(self._kept)
        there = [one for one in events if one.address is None or one.address[1] in self._there]
        done.skipped = len(events) - len(there)
        for together, group in groupby(there, key=lambda one: one.together):
            batch = list(group)
            for part in [batch] if together else [[one] for one in batch]:
                if part[0].address is None:
                    self._statement(names.renamed(part[0].content), done)
                else:
                    self._calls(part, names, done)
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()
        return done

    def _statement(self, statement: bytes, done: Replayed) -> None:
        started = time.perf_counter()
        # A statement that failed in the run, on purpose, fails here too.
        with self._world.database.cursor() as cursor, contextlib.suppress(psycopg2.Error):
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
        done.sql += time.perf_counter() - started
        done.statements += 1

    def _calls(self, batch: Sequence[Event], names: _Names, done: Replayed) -> None:
        ready = [(event, _parsed(names.renamed(event.content))) for event in batch if event.address]
        started = time.perf_counter()
        statuses = self._exchange(ready, names)
        done.http += time.perf_counter() - started
        done.calls += len(ready)
        done.differing += sum(status != event.status for (event, _), status in zip(ready, statuses, strict=True))

    def _exchange(self, ready: Sequence[tuple[Event, _Request]], names: _Names) -> list[int]:
        """Send all, each on a connection of its own, then read all answers."""
        under_way = []
        for place, (event, request) in enumerate(ready):
            address = event.address or ("", 0)
            key = (*address, place)
            connection = self._connections.setdefault(key, http.client.HTTPConnection(*address, timeout=_SECONDS))
            # A body that is too large is refused while it is being sent.
            with contextlib.suppress(OSError):
                connection.request(request.method, request.path, request.body, request.headers)
            under_way.append((key, connection, event))
        return [self._status(key, connection, event, names) for key, connection, event in under_way]

    def _status(
        self, key: tuple[str, int, int], connection: http.client.HTTPConnection, event: Event, names: _Names
    ) -> int:
        try:
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            self._connections.pop(key).close()
            return 0
        if event.login is not None and response.status == http.HTTPStatus.OK:
            names.learn(event.login, json.loads(body))
        return response.status


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None


def _parsed(content: bytes) -> _Request:
    head, _, body = content.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path = first.split(" ")[:2]
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    # Telegram ids may have become longer.
    headers = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}
    return _Request(method, path, headers, body or None)
