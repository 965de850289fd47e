"""``python -m benchmarks.stack_times``: how long ``python -m stack up`` takes, and what it spends the time on.

Cold: an empty SHARD_STACK_HOME, as on a new machine. Prepared: the template and the programs are there. Repeated: the
stack is up already. The steps are told by the files and processes that each step leaves, so the stack itself need
not be changed to be measured.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import machine, stacks
from benchmarks.errors import BenchError, run_tool
from benchmarks.stats import table
from stack.places import REPO_ROOT, hand_name
from stack.state import State, load_state

_STEPS = (
    "command line", "supervisor's imports", "programs, initdb, migrations", "copy of the data",
    "PostgreSQL and secrets", "services", "report",
)  # fmt: skip


@dataclass(frozen=True)
class Up:
    """Seconds of one ``up``, in all and by step; ``services`` by name: from its start to the stack being ready."""

    total: float
    steps: dict[str, float]
    services: dict[str, float] = dataclasses.field(default_factory=dict)


def _stack(home: Path, *arguments: str) -> float:
    """Run ``python -m stack`` with a home of its own and return the seconds it took. Raises BenchError."""
    surroundings = {name: value for name, value in os.environ.items() if name != "SHARD_STACK_STATE"}
    surroundings |= {"SHARD_STACK_HOME": str(home), "PYTHONPATH": str(REPO_ROOT)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "stack", *arguments], cwd=REPO_ROOT, env=surroundings, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise BenchError((done.stderr.strip().splitlines() or ["the stack failed"])[0])
    return time.perf_counter() - started


def up(home: Path) -> Up:
    """Start a stack under a home, take its times, and stop it."""
    began = time.time()
    total = _stack(home, "up")
    try:
        state = load_state(home / "runs" / hand_name() / "state.json")
        return _times(home, state, began, total)
    finally:
        _stack(home, "down")


def _times(home: Path, state: State, began: float, total: float) -> Up:
    def born(pid: int) -> float:
        return psutil.Process(pid).create_time()

    # Redis is the first thing that the supervisor starts, PostgreSQL comes after the copy, the services after both.
    services = {state.auth.name: born(state.auth.pid)} | {one.name: born(one.pid) for one in state.inventory}
    ready = (Path(state.run_dir) / "state.json").stat().st_mtime
    supervisor, redis, database = born(state.supervisor_pid), born(state.redis.pid), born(state.postgres.pid)
    template = max((one.stat().st_mtime_ns / 1e9 for one in (home / "templates").glob("*/password")), default=began)
    built = min(max(template, redis), database)
    marks = [began, supervisor, redis, built, database, min(services.values()), ready, began + total]
    # Processes' births are known to a hundredth of a second: steps shorter than that may come out as none.
    steps = {name: max(0.0, b - a) for name, a, b in zip(_STEPS, marks[:-1], marks[1:], strict=True)}
    return Up(total, steps, {name: ready - at for name, at in services.items()})


def _median(runs: list[Up]) -> Up:
    steps = {name: statistics.median(run.steps[name] for run in runs) for name in runs[0].steps}
    services = {name: statistics.median(run.services[name] for run in runs) for name in runs[0].services}
    return Up(statistics.median(run.total for run in runs), steps, services)


def measure(folder: Path, repeats: int) -> dict[str, Up]:
    """Return the medians of cold, prepared and repeated starts."""
    cold = []
    for number in range(repeats):
        home = folder / f"home-{number}"
        home.mkdir(mode=0o711)
        cold.append(up(home))
    home = folder / "home-0"
    prepared = [up(home) for _ in range(repeats)]
    _stack(home, "up")
    try:
        repeated = statistics.median(_stack(home, "up") for _ in range(repeats))
    finally:
        _stack(home, "down")
    return {"cold": _median(cold), "prepared": _median(prepared), "repeated": Up(repeated, {_STEPS[0]: repeated})}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stack_times", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--repeats", type=int, default=5, help="starts of which the median counts (default 5)")
    options = parser.parse_args()
    description = machine.report(repeats=options.repeats)
    with stacks.workshop() as folder:
        found = measure(folder, options.repeats)
    print(f"{machine.headline(description['machine'])}; commit {description['commit']}")
    print(f"seconds, medians of {options.repeats}\n")
    rows = [(name, *(f"{one.steps.get(name, 0.0):.2f}" for one in found.values())) for name in _STEPS]
    print(table(("step", *found), [*rows, ("all", *(f"{one.total:.2f}" for one in found.values()))]))
    waits = ", ".join(f"{name} {seconds:.2f}" for name, seconds in found["prepared"].services.items())
    print(f"\nfrom the start of a service to a stack that is ready, prepared: {waits}")
    machine.write("bench-stack.json", {**description, "starts": {k: dataclasses.asdict(v) for k, v in found.items()}})
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
