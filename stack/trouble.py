"""Trouble for a stack that mends itself: killed, stopped and paused parts, bad connections, a database that is locked,
read-only or out of room, midnight.

Each trouble is one call that undoes what it did before it returns, whatever happens meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from history.records import Happened

from . import client, clock, components, postgres
from .errors import StackError
from .places import places, postgres_user
from .ports import answers
from .processes import children_of, is_alive, key_of, wait_until
from .proxy import TroubleProxy
from .state import Inventory, State
from .supervisor import HELD

_READY_SECONDS = 20.0
# Long enough for a dozen calls to meet the trouble.
_SECONDS = 1.2
# Longer than anybody should wait for an answer.
_HANGING_SECONDS = 2.6
_SLOW_SECONDS = 0.25
# How long before midnight somebody takes the ledger, and for how long then: callers are there who came on either day.
_MOMENT_SECONDS, _BRIEF_SECONDS = 0.15, 0.5
# How long the first of two troubles is there before the second.
_LEAD_SECONDS = 0.3
_WHILE, _EACH = " while ", "each instance"
_MIDNIGHT = "midnight"
# How long it may take at first to start all parts with another clock, how much longer than the last time later, and how
# often that is tried; how long before midnight that has to be done, for whoever prepares calls; and how far into the
# trouble midnight is.
_START_SECONDS, _SLOWER, _STARTS, _EVENING_SECONDS, _MIDNIGHT_AFTER_SECONDS = 8.0, 1.3, 4, 15.0, 1.6
# Few, so that a dozen callers take them all.
_POOL_SIZE = "2"


class Trouble:
    """Makes trouble for a stack. ``instance`` is the last inventory-service; ``troubled`` is one more, which has few
    connections to the database, and whose ways to that, to Redis and to the auth service can be troubled.
    """

    def __init__(self, state: State) -> None:
        if not state.mends:
            raise StackError("this stack does not start again what ends: start it with `python -m stack up --restart`")
        self._state = state
        ports = {"database": state.postgres.port, "redis": state.redis.port, "auth": urlsplit(state.auth.url).port or 0}
        self._ways = {part: TroubleProxy(port) for part, port in ports.items()}
        self._extra = self._start_extra()
        # When it is midnight by the stack's clock, by the machine's.
        self._midnight = 0.0
        self._start_seconds = _START_SECONDS
        self._kinds: dict[str, Callable[[str], None]] = {
            "kill": self._kill, "terminate": self._terminate, "stop": self._stop, "pause": self._pause,
            "wipe": self._wipe, "slow": self._slow, "cut": self._cut, "silence": self._silence,
            "half-open": self._half_open, "broken-off": self._break_off, "read-only": self._read_only,
            "locked": self._lock, "full": self._fill, "pass": self._pass,
        }  # fmt: skip

    def _start_extra(self) -> client.ExtraInventory:
        ways = {"DB_PORT": str(self._ways["database"].port), "REDIS_PORT": str(self._ways["redis"].port)}
        ways["AUTH_SERVICE_URL"] = f"http://127.0.0.1:{self._ways['auth'].port}"
        return client.spawn_extra_inventory(self._state, ways | {"DB_POOL_SIZE": _POOL_SIZE})

    @property
    def troubled(self) -> Inventory:
        """The instance whose connections can be troubled."""
        return self._extra.info

    def close(self) -> None:
        """Stop what was started for this."""
        client.stop_extra(self._extra)
        for way in self._ways.values():
            way.close()

    def lacks(self, what: str) -> str | None:
        """Say why a trouble cannot be made on this machine; None when it can."""
        if _MIDNIGHT in what:
            try:
                clock.library(places())
            except StackError as error:
                return str(error)
        return None

    def get_ready(self, what: str) -> None:
        """Before anybody calls: start all parts but Redis again with a clock of late evening, if midnight is to pass.

        Whoever is logged in should log in anew. The clock is never put back. Raises StackError.
        """
        if _MIDNIGHT not in what:
            return
        for _ in range(_STARTS):
            began, seconds = time.monotonic(), _SLOWER * self._start_seconds + _EVENING_SECONDS
            self._midnight = clock.put_before_midnight(Path(self._state.run_dir), places(), seconds)
            client.stop_extra(self._extra)
            for part in ("database", "auth", *(one.name for one in self._state.inventory)):
                self._kill(part)
            self._extra = self._start_extra()
            self.settle()
            self._start_seconds = time.monotonic() - began
            if self._midnight - time.time() > _EVENING_SECONDS:
                return

    def wait_for_the_hour(self, what: str, after: float) -> None:
        """Wait until it is time for calls of which the trouble comes after so many seconds. Raises StackError."""
        left = self._midnight - after - _MIDNIGHT_AFTER_SECONDS - time.time()
        if _MIDNIGHT in what and left < 0:
            raise StackError(f"this machine is too slow: it was ready {-left:.1f} s too late for midnight")
        time.sleep(max(left, 0.0))

    def make(self, what: str, after: float = 0.0) -> list[Happened]:
        """Make a trouble told in words, ``kill database``, after so many seconds, and undo it; return what happened.

        ``kill database while pause redis`` are two at once, ``kill each instance`` one after the other, each when the
        one before is well again. Raises StackError.
        """
        first, _, meanwhile = what.partition(_WHILE)
        acts = [self._act(one) for one in (first, meanwhile) if one]
        time.sleep(after)
        if len(acts) == 1:
            return acts[0]()
        with ThreadPoolExecutor(1) as other:
            second = other.submit(acts[1])
            time.sleep(_LEAD_SECONDS)
            return [*acts[0](), *second.result()]

    def _act(self, what: str) -> Callable[[], list[Happened]]:
        kind, _, part = what.partition(" ")
        if kind not in self._kinds:
            raise StackError(f"there is no trouble {what!r}; there are: {', '.join(self._kinds)}, each of a part")
        if part == _EACH:
            names = [one.name for one in self._state.inventory]
            return lambda: [self._happened(kind, name, is_awaited=True) for name in names]
        return lambda: [self._happened(kind, part)]

    def _happened(self, kind: str, part: str, *, is_awaited: bool = False) -> Happened:
        instances = {one.name: one for one in self._state.inventory}
        name = self._state.inventory[-1].name if part == "instance" else part
        started = time.monotonic()
        self._kinds[kind](part)
        happened = Happened(f"{kind} {part}", name if name in instances else None, started, time.monotonic())
        if is_awaited:
            self._await(name, partial(_is_ready, instances[name].health_url))
        return happened

    def settle(self) -> float:
        """Wait until the servers answer and all services serve; return how many seconds later all are ready (6.1).

        Raises StackError naming a part that is not back, or not ready.
        """
        state = self._state
        password = state.load_secrets().db_password
        self._await("database", lambda: postgres.accepts(state.postgres.port, password))
        self._await("redis", lambda: answers(state.redis.port))
        urls = {"auth": f"{state.auth.internal_url}/health", "troubled": self.troubled.health_url}
        urls |= {one.name: one.health_url for one in state.inventory}
        for name, url in urls.items():
            self._await(name, partial(_serves, url))
        back = time.monotonic()
        for name, url in urls.items():
            self._await(name, partial(_is_ready, url))
        return time.monotonic() - back

    @staticmethod
    def _await(name: str, is_well: Callable[[], bool]) -> None:
        if not wait_until(is_well, _READY_SECONDS):
            raise StackError(f"{name} is not well again after {_READY_SECONDS:g} s")

    def _pid(self, part: str) -> int:
        now = self._state.refreshed()
        known = {"database": now.postgres.pid, "redis": now.redis.pid, "auth": now.auth.pid}
        known |= {"instance": now.inventory[-1].pid} | {one.name: one.pid for one in now.inventory}
        if part not in known:
            raise StackError(f"there is no part {part!r}; there are: {', '.join(known)}")
        return known[part]

    def _family(self, part: str) -> list[int]:
        pid = self._pid(part)
        return [pid, *children_of(pid)]

    def _send(self, part: str, number: signal.Signals) -> None:
        for pid in self._family(part):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _kill(self, part: str) -> None:
        key = key_of(self._pid(part))
        self._send(part, signal.SIGKILL)
        wait_until(lambda: not is_alive(key), 5.0)

    def _wipe(self, part: str) -> None:
        if part != "redis":
            raise StackError("only redis can lose its data")
        with self._held(part):
            self._kill(part)
            for path in (Path(self._state.run_dir) / part).iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    @contextlib.contextmanager
    def _held(self, name: str) -> Iterator[None]:
        file = Path(self._state.run_dir) / HELD / {"database": "postgres"}.get(name, name)
        file.parent.mkdir(exist_ok=True)
        file.touch()
        try:
            yield
        finally:
            file.unlink()

    def _stop(self, part: str) -> None:
        with self._held(part):
            self._kill(part)
            time.sleep(_HANGING_SECONDS)

    def _terminate(self, part: str) -> None:
        key = key_of(self._pid(part))
        os.kill(key.pid, signal.SIGTERM)
        wait_until(lambda: not is_alive(key), _READY_SECONDS)

    def _pause(self, part: str) -> None:
        try:
            self._send(part, signal.SIGSTOP)
            time.sleep(_SECONDS if part == "instance" else _HANGING_SECONDS)
        finally:
            self._send(part, signal.SIGCONT)

    def _way(self, part: str) -> TroubleProxy:
        if part not in self._ways:
            raise StackError(f"there is no connection to {part!r} that can be troubled; to: {', '.join(self._ways)}")
        return self._ways[part]

    def _slow(self, part: str) -> None:
        self._badly(part, lambda way: way.slow_down(_SLOW_SECONDS, unevenly=True))

    def _cut(self, part: str) -> None:
        self._badly(part, TroubleProxy.cut)

    def _silence(self, part: str) -> None:
        self._badly(part, TroubleProxy.pause, _HANGING_SECONDS)

    def _half_open(self, part: str) -> None:
        self._badly(part, TroubleProxy.forget)

    def _break_off(self, part: str) -> None:
        self._badly(part, TroubleProxy.break_off)

    def _badly(self, part: str, begin: Callable[[TroubleProxy], None], seconds: float = _SECONDS) -> None:
        way = self._way(part)
        try:
            begin(way)
            time.sleep(seconds)
        finally:
            way.behave()

    def _of_database(self, part: str, how: str) -> None:
        if part != "database":
            raise StackError(f"only the database can be {how}")

    def _read_only(self, part: str) -> None:
        self._of_database(part, "read-only")
        try:
            self._set("SET default_transaction_read_only = on")
            time.sleep(_SECONDS)
        finally:
            self._set("RESET default_transaction_read_only")

    def _lock(self, part: str) -> None:
        """Let somebody else hold the ledger, as a careless migration does: all connections come to wait for it.

        When midnight is to pass, from a moment before it, and for less time than callers wait: then those of both days
        are served at once.
        """
        self._of_database(part, "locked")
        left = self._midnight - time.time()
        time.sleep(max(left - _MOMENT_SECONDS, 0.0))
        session = postgres.connect(self._state.postgres.port, self._state.load_secrets().db_password)
        try:
            with session.cursor() as cursor:
                cursor.execute("BEGIN; LOCK TABLE inventory.operations IN ACCESS EXCLUSIVE MODE")
                time.sleep(_BRIEF_SECONDS if left > 0 else _HANGING_SECONDS)
        finally:
            session.close()

    def _fill(self, part: str) -> None:
        """Let the database find no room for a byte in any file; what it died of keeps it from starting, too.

        A limit on the size of its files needs no root, as a full file system would.
        """
        self._of_database(part, "full")
        with self._held(part):
            try:
                self._limit(part, "0")
                time.sleep(_SECONDS)
            finally:
                self._limit(part, "unlimited")

    def _limit(self, part: str, size: str) -> None:
        # Only its own user may do that, short of a capability that root in a container lacks.
        user = postgres_user()
        for pid in self._family(part):
            done = subprocess.run(
                ["prlimit", f"--pid={pid}", f"--fsize={size}:"],
                cwd="/",
                check=False,
                capture_output=True,
                text=True,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )
            if done.returncode and Path(f"/proc/{pid}").exists():
                raise StackError(f"the database's files cannot be limited: {done.stderr.strip()}")

    def _pass(self, part: str) -> None:
        if part != _MIDNIGHT:
            raise StackError("only midnight can pass")
        time.sleep(max(self._midnight - time.time(), 0.0))

    def _set(self, what: str) -> None:
        port, password = self._state.postgres.port, self._state.load_secrets().db_password
        postgres.execute(port, password, f"ALTER SYSTEM {what}")
        postgres.execute(port, password, "SELECT pg_reload_conf()")


def _serves(url: str) -> bool:
    return components.status_of(url) is not None


def _is_ready(url: str) -> bool:
    return components.status_of(url) == 200
