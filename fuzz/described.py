"""Runs Schemathesis against a listener's description, and reads what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_PATIENCE = 3600
# Good input may still be refused: an id may be one of nothing.
_NOT_ASKED = "positive_data_acceptance"


@dataclass(frozen=True)
class Exchange:
    """A request that was made up, and its answer."""

    method: str
    path: str
    status: int
    sent: Any
    got: Any


@dataclass(frozen=True)
class Findings:
    """What a run asked, and what was not as described, in words."""

    exchanges: tuple[Exchange, ...]
    problems: tuple[str, ...]

    def by_call(self) -> dict[str, Counter[int]]:
        """Return how often each call was answered with each status."""
        found: dict[str, Counter[int]] = {}
        for one in self.exchanges:
            found.setdefault(f"{one.method} {one.path}", Counter())[one.status] += 1
        return found


def run(url: str, world: dict[str, Any], examples: int, seed: int, folder: Path, leave_out: str) -> Findings:
    """Ask a listener in so many ways a call, and return what it answered.

    ``leave_out`` is a regular expression of paths. Raises AssertionError when Schemathesis itself does not run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log, report, place = folder / "calls.jsonl", folder / "junit.xml", folder / "world.json"
    log.unlink(missing_ok=True)
    report.unlink(missing_ok=True)
    place.write_text(json.dumps(world), "utf-8")
    command = [
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", url,
        "--checks", "all", "--exclude-checks", _NOT_ASKED, "--max-examples", str(examples), "--seed", str(seed),
        "--continue-on-failure", "--generation-database", "none", "--suppress-health-check", "all",
        "--report", "junit", "--report-junit-path", str(report), "--no-color", "--exclude-path-regex", leave_out,
    ]  # fmt: skip
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "fuzz.hooks", "FUZZ_WORLD": str(place), "FUZZ_LOG": str(log),
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }  # fmt: skip
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False,
                              timeout=_PATIENCE)  # fmt: skip
    finally:
        # It holds tokens.
        place.unlink(missing_ok=True)
    (folder / "console.txt").write_text(done.stdout + done.stderr, "utf-8")
    if done.returncode not in (0, 1) or not report.exists() or not log.exists():
        raise AssertionError(f"Schemathesis ended with code {done.returncode}: {(done.stdout + done.stderr)[-1500:]}")
    exchanges = tuple(Exchange(**json.loads(line)) for line in log.read_text("utf-8").splitlines())
    return Findings(exchanges, tuple(_problems(report)))


def _problems(report: Path) -> list[str]:
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314  our own tool wrote it
    return [
        f"{case.get('name')}: {(problem.get('message') or problem.text or '').strip()}"
        for case in cases
        for problem in case
        if problem.tag in ("failure", "error")
    ]
