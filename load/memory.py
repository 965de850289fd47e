"""Samples the resident memory of the services, twice a second, in a thread of its own."""

from __future__ import annotations

import contextlib
import csv
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

INTERVAL_SECONDS = 0.5
# Finding children means reading all processes of the machine, which would itself be load.
_CHILDREN_SECONDS = 10.0


@dataclass(frozen=True)
class Reading:
    """A process's resident memory in bytes, its children's included, at a time in seconds since the epoch."""

    at: float
    resident: int


@dataclass
class Memory:
    """What was read, by component."""

    readings: dict[str, list[Reading]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write the readings as CSV: seconds since the epoch, component, bytes."""
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(("at", "component", "resident_bytes"))
            for name, readings in self.readings.items():
                lines.writerows((f"{reading.at:.3f}", name, reading.resident) for reading in readings)


def components_of(stack: Any) -> dict[str, int]:
    """Return the process ids of an embedded stack's components by name; none of any other target."""
    if stack is None:
        return {}
    services = {info.name: info.pid for info in stack.inventory} | {stack.auth.name: stack.auth.pid}
    return services | {"redis": stack.redis.pid}


class Sampler:
    """Use it as a context manager; ``memory`` holds the readings, also while it runs."""

    def __init__(self, pids: Mapping[str, int], interval: float = INTERVAL_SECONDS) -> None:
        self.memory = Memory({name: [] for name in pids})
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}
        self._interval = interval
        self._children: dict[str, list[psutil.Process]] = {name: [] for name in pids}
        self._stop = threading.Event()
        self._look_again = 0.0
        self._thread = threading.Thread(target=self._run, name="memory sampler", daemon=True)

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            if time.monotonic() >= self._look_again:
                self._look_again = time.monotonic() + _CHILDREN_SECONDS
                self._find_children()
            self._read()
            due += self._interval
            self._stop.wait(max(0.0, due - time.monotonic()))

    def _find_children(self) -> None:
        for name, process in self._processes.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                self._children[name] = process.children(recursive=True)

    def _read(self) -> None:
        for name, process in list(self._processes.items()):
            own = _resident(process)
            if own == 0:
                self.memory.gone.append(name)
                del self._processes[name]
                continue
            total = own + sum(map(_resident, self._children[name]))
            self.memory.readings[name].append(Reading(time.time(), total))


def _resident(process: psutil.Process) -> int:
    """Return a process's memory; none for one that has ended, whether or not its parent has noticed."""
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
