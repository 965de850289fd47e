"""Trouble for a stack that mends itself: killed, stopped and paused parts, bad connections, a read-only database.

Each trouble is one call that undoes what it did before it returns, whatever happens meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import client, components, postgres
from .errors import StackError
from .processes import children_of, is_alive, key_of, wait_until
from .proxy import TroubleProxy
from .state import Inventory, State
from .supervisor import HELD

_READY_SECONDS = 20.0
# Long enough for a dozen calls to meet the trouble, and shorter than the services' own patience.
_SECONDS = 1.2
_SLOW_SECONDS = 0.25


class Trouble:
    """Makes trouble for a stack. ``instance`` is the last inventory-service; ``troubled`` is one more, whose
    connections to the database and Redis can be slow, cut or silent.
    """

    def __init__(self, state: State) -> None:
        if not state.mends:
            raise StackError("this stack does not start again what ends: start it with `python -m stack up --restart`")
        self._state = state
        self._ways = {"database": TroubleProxy(state.postgres.port), "redis": TroubleProxy(state.redis.port)}
        ports = {"DB_PORT": str(self._ways["database"].port), "REDIS_PORT": str(self._ways["redis"].port)}
        self._extra = client.spawn_extra_inventory(state, ports)
        self._kinds: dict[str, Callable[[str], None]] = {
            "kill": self._kill, "terminate": self._terminate, "pause": self._pause, "wipe": self._wipe,
            "slow": self._slow, "cut": self._cut, "silence": self._silence, "read-only": self._read_only,
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

    def make(self, what: str, after: float = 0.0) -> None:
        """Make a trouble told in words, ``kill database``, after so many seconds, and undo it. Raises StackError."""
        kind, _, part = what.partition(" ")
        if kind not in self._kinds:
            raise StackError(f"there is no trouble {what!r}; there are: {', '.join(self._kinds)}, each of a part")
        time.sleep(after)
        self._kinds[kind](part)

    def settle(self) -> None:
        """Wait until every part is well again. Raises StackError naming one that is not."""
        state = self._state
        urls = {"auth": f"{state.auth.internal_url}/health", "troubled": self.troubled.health_url}
        urls |= {one.name: one.health_url for one in state.inventory}
        for name, url in urls.items():
            if not wait_until(lambda: components.status_of(url) == 200, _READY_SECONDS):  # noqa: B023
                raise StackError(f"{name} is not well again after {_READY_SECONDS:g} s")

    def _pid(self, part: str) -> int:
        now = self._state.refreshed()
        known = {"database": now.postgres.pid, "redis": now.redis.pid, "auth": now.auth.pid}
        known["instance"] = now.inventory[-1].pid
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
        file = Path(self._state.run_dir) / HELD / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
        try:
            yield
        finally:
            file.unlink()

    def _terminate(self, part: str) -> None:
        key = key_of(self._pid(part))
        os.kill(key.pid, signal.SIGTERM)
        wait_until(lambda: not is_alive(key), _READY_SECONDS)

    def _pause(self, part: str) -> None:
        try:
            self._send(part, signal.SIGSTOP)
            time.sleep(_SECONDS)
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
        self._badly(part, TroubleProxy.pause)

    def _badly(self, part: str, begin: Callable[[TroubleProxy], None]) -> None:
        way = self._way(part)
        try:
            begin(way)
            time.sleep(_SECONDS)
        finally:
            way.behave()

    def _read_only(self, part: str) -> None:
        if part != "database":
            raise StackError("only the database can be read-only")
        try:
            self._set("SET default_transaction_read_only = on")
            time.sleep(_SECONDS)
        finally:
            self._set("RESET default_transaction_read_only")

    def _set(self, what: str) -> None:
        port, password = self._state.postgres.port, self._state.load_secrets().db_password
        postgres.execute(port, password, f"ALTER SYSTEM {what}")
        postgres.execute(port, password, "SELECT pg_reload_conf()")
