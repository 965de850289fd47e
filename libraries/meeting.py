"""A meeting place for test processes: a folder in which contenders find one another. No server, no PabotLib."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack.processes import is_alive, key_of
from stack.state import ProcessKey

_POLL_SECONDS = 0.005


@dataclass(frozen=True)
class Interval:
    """When a contender was at work, by the machine's monotonic clock."""

    name: str
    started: float
    ended: float


class Contest:
    """One contest: something shared, who has arrived, and who has left.

    Contenders are processes of one machine, or one process several times. One that died counts as absent.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # The lock ends with its holder, however that ends.
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def shared(self, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return what the first arriver made; ``make`` is called by exactly one process."""
        path = self._folder / "shared.json"
        with self._alone():
            if not path.exists():
                _write(path, make())
            return _read(path)

    def arrive(self, name: str) -> None:
        """Say that a contender is ready."""
        _write(self._folder / f"arrived-{name}.json", {"process": list(key_of(os.getpid()))})

    def present(self) -> list[str]:
        """Return the names of those who have arrived, still live and have not left."""
        arrived = {path.stem.removeprefix("arrived-"): path for path in self._folder.glob("arrived-*.json")}
        gone = {path.stem.removeprefix("left-") for path in self._folder.glob("left-*.json")}
        return sorted(
            name for name, path in arrived.items() if name not in gone and is_alive(ProcessKey(*_read(path)["process"]))
        )

    def wait_for(self, contenders: int, seconds: float) -> list[str]:
        """Wait until so many have arrived, or the time is over; returns who is here then.

        Whoever arrived and left, or died, is not waited for again.
        """
        deadline = time.monotonic() + seconds
        while len(list(self._folder.glob("arrived-*.json"))) < contenders and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        return self.present()

    def leave(self, interval: Interval) -> list[Interval]:
        """Record when a contender was at work; returns the intervals of all who have left so far."""
        with self._alone():
            _write(self._folder / f"left-{interval.name}.json", {"started": interval.started, "ended": interval.ended})
            return [
                Interval(path.stem.removeprefix("left-"), **_read(path))
                for path in sorted(self._folder.glob("left-*.json"))
            ]


def _write(path: Path, value: dict[str, Any]) -> None:
    """Write JSON so that readers see all of it or nothing, readable by this user alone."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(value, file)
    temporary.replace(path)


def _read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def folder_of_run(base: Path, run: ProcessKey) -> Path:
    """Return this run's folder under ``base``; those of runs that have ended are removed on the way."""
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    if base.stat().st_uid != os.geteuid():
        raise AssertionError(f"{base} belongs to another user: remove it")
    for old in base.iterdir():
        pid, _, start = old.name.partition("-")
        if pid.isdecimal() and start.isdecimal() and not is_alive(ProcessKey(int(pid), int(start))):
            shutil.rmtree(old, ignore_errors=True)
    folder = base / f"{run.pid}-{run.start_time}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
