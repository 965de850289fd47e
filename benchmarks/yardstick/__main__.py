"""``python -m benchmarks.yardstick``: ten scenarios in Robot Framework against the same ten in plain pytest.

Both against one running stack, start-up included, in turns (robot, pytest, pytest, robot).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import machine, stacks
from benchmarks.errors import BenchError, run_tool
from benchmarks.stats import spread_of
from stack.places import REPO_ROOT
from stack.state import State

_HERE = Path(__file__).parent
_TESTS = 10
_TARGET = 1.0


def _robot(folder: Path) -> list[str]:
    arguments = [
        "--argumentfile",
        str(_HERE / "ten.args"),
        "--outputdir",
        str(folder / "output"),
        "--console",
        "dotted",
    ]
    return [sys.executable, "-m", "robot", *arguments, "suites"]


def _pytest() -> list[str]:
    quiet = ["-q", "-p", "no:cacheprovider", "--override-ini=addopts="]
    return [sys.executable, "-m", "pytest", *quiet, f"--confcutdir={_HERE}", str(_HERE / "test_ten.py")]


def _timed(state: State, command: list[str]) -> float:
    # No plugins that pytest would not have by itself: it is to be as fast as it can be.
    surroundings = {
        **os.environ, "SHARD_STACK_STATE": f"{state.run_dir}/state.json", "PYTHONPATH": str(REPO_ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }  # fmt: skip
    started = time.perf_counter()
    done = subprocess.run(command, cwd=REPO_ROOT, env=surroundings, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode or f"{_TESTS} passed" not in done.stdout:
        last = (done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or ["no output"])[-1]
        raise BenchError(f"{command[2]} did not pass its {_TESTS} tests: {last}")
    return seconds


def main() -> int:
    """Print both times and their ratio; return 1 when the Robot form is the slower one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.yardstick", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=9, help="runs of each of which the median counts (default 9)")
    options = parser.parse_args()
    description = machine.report()
    times: dict[str, list[float]] = {"robot": [], "pytest": []}
    with stacks.workshop() as home, stacks.running(home) as state:
        commands = {"robot": _robot(home), "pytest": _pytest()}
        for command in commands.values():
            _timed(state, command)
        for number in range(options.repeats):
            for name in ("robot", "pytest") if number % 2 else ("pytest", "robot"):
                times[name].append(_timed(state, commands[name]))
    ratio = spread_of([a / b for a, b in zip(times["robot"], times["pytest"], strict=True)])
    print(f"{machine.headline(description['machine'])}; commit {description['commit']}\n")
    for name, seconds in times.items():
        each = " ".join(f"{one:.2f}" for one in sorted(seconds))
        print(f"{name:7} median {statistics.median(seconds):.2f} s of {each}")
    met = ratio.median <= _TARGET
    print(f"\nrobot to pytest: {ratio}, target {_TARGET:.2f}: {'met' if met else 'MISSED'}")
    content = {"seconds": times, "ratio": ratio.median, "low": ratio.low, "high": ratio.high, "met": met}
    machine.write("bench-yardstick.json", {**description, **content})
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(run_tool(main))
