"""Runs the suites many times, each time otherwise, and names every test whose result was not always the same.

``python tools/flakes.py --runs 100 --results results``: by Robot Framework in random order and by Pabot with few and
many processes in turn, every third run on a machine whose processors are kept busy. Exit code 1 when a result differed
or was red.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from robot.api import ExecutionResult, ResultVisitor
from robot.result import TestCase

ROOT = Path(__file__).resolve().parent.parent
_BUSY = "while True: pass"
_PROCESSES = (8, 2, 4)
_PATIENCE = 1800


@dataclass(frozen=True)
class Way:
    """How a run is made."""

    number: int

    @property
    def is_busy(self) -> bool:
        """Whether something else keeps the processors busy meanwhile."""
        return self.number % 3 == 2

    def command(self, folder: Path, suites: Path) -> list[str]:
        """Return the command that makes the run."""
        options = ["--outputdir", str(folder), "--console", "none", "--log", "NONE", "--report", "NONE"]
        if self.number % 2 == 0:
            order = ["--randomize", f"all:{self.number}"]
            return [sys.executable, "-m", "robot", *options, *order, str(suites)]
        processes = str(_PROCESSES[self.number // 2 % len(_PROCESSES)])
        # By name, found on PATH: Pabot cuts a command at the spaces of its path.
        robot = ["--command", Path(sys.executable).name, "-m", "robot", "--end-command"]
        return [sys.executable, "-m", "pabot.pabot", *robot, "--processes", processes, *options[:2], str(suites)]

    def __str__(self) -> str:
        words = self.command(Path(), Path())
        how = f"robot {words[-2]}" if "--randomize" in words else f"pabot --processes {words[-4]}"
        return how + (", busy machine" if self.is_busy else "")


class _Results(ResultVisitor):  # type: ignore[misc]  # Robot Framework tells no types
    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.messages: dict[str, str] = {}

    def visit_test(self, test: TestCase) -> None:
        """Note how a test ended."""
        # Under Pabot and Robot the same test stands below the same suites.
        self.found[test.full_name] = test.status
        self.messages[test.full_name] = test.message


@contextlib.contextmanager
def busy(is_busy: bool) -> Iterator[None]:
    """Keep every processor busy meanwhile."""
    count = (os.cpu_count() or 1) if is_busy else 0
    burning = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for one in burning:
            one.kill()
            one.wait()


def run(way: Way, folder: Path, suites: Path) -> _Results:
    """Make a run and return how its tests ended. Raises RuntimeError when it wrote no results."""
    shutil.rmtree(folder, ignore_errors=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with busy(way.is_busy):
        done = subprocess.run(
            way.command(folder, suites), cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True,
            check=False, timeout=_PATIENCE,
        )  # fmt: skip
    output = folder / "output.xml"
    if not output.exists():
        raise RuntimeError(f"the run ({way}) wrote no output.xml: {(done.stdout + done.stderr)[-500:]}")
    results = _Results()
    ExecutionResult(str(output)).visit(results)
    return results


def differing(runs: list[dict[str, str]]) -> dict[str, Counter[str]]:
    """Return the tests that did not end in the same way in each run, or were red, with how often they ended how."""
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    for found in runs:
        for name in {*ends, *found}:
            ends[name][found.get(name, "MISSING")] += 1
    for counts in ends.values():
        # It came up in a later run first.
        counts["MISSING"] += len(runs) - counts.total()
    return {name: +counts for name, counts in ends.items() if len(+counts) > 1 or counts["FAIL"]}


def main(arguments: list[str] | None = None) -> int:
    """Make the runs; print what differed."""
    parser = argparse.ArgumentParser(prog="flakes", description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--results", type=Path, default=Path("results"))
    parser.add_argument("--suites", type=Path, default=ROOT / "suites")
    options = parser.parse_args(arguments)
    if options.runs < 2:
        print("error: one run shows no difference: --runs wants 2 or more", file=sys.stderr)
        return 2
    folder = options.results.resolve() / "flakes"
    runs: list[dict[str, str]] = []
    messages: dict[str, str] = {}
    for number in range(options.runs):
        way, started = Way(number), time.monotonic()
        try:
            results = run(way, folder / f"{number:03}", options.suites)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
        runs.append(results.found)
        red = sorted(name for name, status in results.found.items() if status == "FAIL")
        messages.update({name: f"({way}) {results.messages[name]}" for name in red})
        took = time.monotonic() - started
        print(f"{number + 1:4} {way}: {len(results.found)} tests, {len(red)} red, {took:.0f} s", flush=True)
        if not red:
            # What was green needs no looking at, and a hundred logs fill a disk.
            shutil.rmtree(folder / f"{number:03}")
    found = differing(runs)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "flakes.json").write_text(
        json.dumps({"runs": len(runs), "differing": found, "messages": messages}, indent=1), "utf-8"
    )
    for name, counts in sorted(found.items()):
        print(f"{name}: {', '.join(f'{count} x {status}' for status, count in counts.most_common())}")
        print(f"    {messages.get(name, '').splitlines()[0][:300]}" if messages.get(name) else "    never red")
    print(f"{len(found)} tests whose result differed or was red, in {len(runs)} runs")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
