"""Trouble for a stack that mends itself: killed, stopped and paused parts, bad connections, a database that is locked,
read-only or out of room.

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
from dataclasses import dataclass
from pathlib import Path

from . import client, components, postgres
from .errors import StackError
from .places import postgres_user
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
# How long the first of two troubles is there before the second.
_LEAD_SECONDS = 0.3
_WHILE, _EACH = " while ", "each instance"
# Few, so that a dozen callers take them all.
_POOL_SIZE = "2"


@dataclass(frozen=True)
class Happened:
    """A trouble, when it began and ended by the monotonic clock, and the instance that it befell, if it was one."""

    what: str
    instance: str | None
    started: float
    ended: float


class Trouble:
    """Makes trouble for a stack. ``instance`` is the last inventory-service; ``troubled`` is one more, which has few
    connections to the database, and whose ways to that and to Redis can be troubled.
    """

    def __init__(self, state: State) -> None:
        if not state.mends:
            raise StackError("this stack does not start again what ends: start it with `python -m stack up --restart`")
        self._state = state
        self._ways = {"database": TroubleProxy(state.postgres.port), "redis": TroubleProxy(state.redis.port)}
        settings = {"DB_PORT": str(self._ways["database"].port), "REDIS_PORT": str(self._ways["redis"].port)}
        self._extra = client.spawn_extra_inventory(state, settings | {"DB_POOL_SIZE": _POOL_SIZE})
        self._kinds: dict[str, Callable[[str], None]] = {
            "kill": self._kill, "terminate": self._terminate, "stop": self._stop, "pause": self._pause,
            "wipe": self._wipe, "slow": self._slow, "cut": self._cut, "silence": self._silence,
            "half-open": self._half_open, "broken-off": self._break_off, "read-only": self._read_only,
            "locked": self._lock, "full": self._fill,
        }  # fmt: skip

    @property
    def troubled(self) -> Inventory:
        """The instance whose connections can be troubled."""
        return self._extra.info

    def close(self) -> None:
        """Stop what was started for this."""
        client.stop_extra(self._extra)
        for way in self._ways.values():
            way.close()

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
            self._await(name, instances[name].health_url)
        return happened

    def settle(self) -> None:
        """Wait until every part is well again. Raises StackError naming one that is not."""
        state = self._state
        urls = {"auth": f"{state.auth.internal_url}/health", "troubled": self.troubled.health_url}
        urls |= {one.name: one.health_url for one in state.inventory}
        for name, url in urls.items():
            self._await(name, url)

    @staticmethod
    def _await(name: str, url: str) -> None:
        if not wait_until(lambda: components.status_of(url) == 200, _READY_SECONDS):
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
        """Let somebody else hold the ledger, as a careless migration does: all connections come to wait for it."""
        self._of_database(part, "locked")
        session = postgres.connect(self._state.postgres.port, self._state.load_secrets().db_password)
        try:
            with session.cursor() as cursor:
                cursor.execute("BEGIN; LOCK TABLE inventory.operations IN ACCESS EXCLUSIVE MODE")
                time.sleep(_HANGING_SECONDS)
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

    def _set(self, what: str) -> None:
        port, password = self._state.postgres.port, self._state.load_secrets().db_password
        postgres.execute(port, password, f"ALTER SYSTEM {what}")
        postgres.execute(port, password, "SELECT pg_reload_conf()")
