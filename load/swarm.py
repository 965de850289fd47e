"""Runs Locust's own master and workers, each a process of its own, on this machine."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from load.k6 import Progress, ToolError, Watch, bare_environment, running, wait
from stack.ports import HOST, Ports
from stack.processes import log_tail

FILE = Path(__file__).with_name("locustfile.py")
_REMEDY = "pip install --no-deps -r requirements-load.txt"
# How long the workers may take to leave after the master has stopped them.
_STOP_SECONDS = 10


@dataclass(frozen=True)
class Outcome:
    """The record files of the workers."""

    records: Sequence[Path]

    @property
    def busy_workers(self) -> int:
        """How many workers made calls."""
        return sum(path.exists() and path.stat().st_size > 0 for path in self.records)


@dataclass(frozen=True)
class Run:
    """One distributed run. ``host`` is the service's public address."""

    players: Path
    folder: Path
    host: str
    seconds: int
    users: int
    workers: int

    def start(self, report: Callable[[Progress], None]) -> Outcome:
        """Run master and workers to their end. Raises ToolError when one is missing or fails."""
        if importlib.util.find_spec("locust") is None:
            raise ToolError(f"locust is not installed: {_REMEDY}")
        # The workers connect to both.
        port = Ports().take("locust")
        records = [self.folder / f"locust-worker-{n + 1}.records" for n in range(self.workers)]
        for path in records:
            path.unlink(missing_ok=True)
            path.touch()
        program = [sys.executable, "-m", "locust"]
        common = [*program, "--locustfile", str(FILE), "--loglevel", "WARNING", "--skip-log-setup"]
        master = [
            *common, "--master", "--headless", "--only-summary", "--master-bind-host", HOST, "--host", self.host,
            "--master-bind-port", str(port), "--expect-workers", str(self.workers), "--expect-workers-max-wait", "20",
            "--users", str(self.users), "--spawn-rate", str(self.users), "--run-time", f"{self.seconds}s",
            "--stop-timeout", str(_STOP_SECONDS), "--exit-code-on-error", "0",
        ]  # fmt: skip
        worker = [*common, "--worker", "--master-host", HOST, "--master-port", str(port)]
        with ExitStack() as processes:
            leader = processes.enter_context(running(master, self._environment(), self._log("master")))
            helpers = [
                processes.enter_context(running(worker, self._environment(n, path), self._log(f"worker-{n + 1}")))
                for n, path in enumerate(records)
            ]
            code = wait(leader, Watch(records, lambda: str(self.users)), report)
            self._await(helpers)
        if code != 0:
            log = self._log("master")
            raise ToolError(f"locust's master ended with exit code {code}; the end of {log}:\n{log_tail(log)}")
        return Outcome(records)

    def _await(self, helpers: Sequence[subprocess.Popen[bytes]]) -> None:
        for number, helper in enumerate(helpers, start=1):
            try:
                helper.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                log = self._log(f"worker-{number}")
                raise ToolError(f"locust's worker {number} did not end; the end of {log}:\n{log_tail(log)}") from None

    def _environment(self, worker: int = 0, records: Path | None = None) -> dict[str, str]:
        own = {"RECORDS": str(records)} if records else {}
        return bare_environment(PLAYERS=str(self.players), WORKER=str(worker), WORKERS=str(self.workers), **own)

    def _log(self, name: str) -> Path:
        return self.folder / f"locust-{name}.log"
