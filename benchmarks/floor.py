"""``python -m benchmarks.floor``: the suites' time against that of their calls alone, and Pabot's against both.

One run of ``robot suites/`` is recorded. Then, in turns and with the stack already up: its calls and statements sent
again without any framework (the floor), ``robot suites/``, and ``pabot --processes 8 suites/``; at the end robot and
pabot once more with services that answer 5 ms later.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks import machine, stacks
from benchmarks.errors import BenchError, run_tool
from benchmarks.recorder import Recording
from benchmarks.replay import Replay, Replayed
from benchmarks.stats import table
from benchmarks.world import World
from stack.places import REPO_ROOT
from stack.state import State

_FLOOR_TARGET, _PABOT_TARGET = 2.0, 1.3
# As the embedded target has them.
_INSTANCES = 2
_SLOW_ENV = {"SHARD_DELAY_MS": "5"}
# Robot's exit code is the number of failed tests up to this; beyond it the run itself failed.
_MOST_FAILED = 250


@dataclass
class Times:
    """Seconds of each way of running, and tests that failed on the way."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, seconds: float, failed: int = 0) -> None:
        """Note a run."""
        self.seconds.setdefault(name, []).append(seconds)
        self.failed[name] = self.failed.get(name, 0) + failed

    def median(self, name: str) -> float:
        """Return the median seconds of a way."""
        return statistics.median(self.seconds[name])


def run_robot(
    state: State, folder: Path, command: Sequence[str], sources: Sequence[str] = ("suites",)
) -> tuple[float, int]:
    """Run robot or pabot against a running stack; return seconds and failed tests. Raises BenchError."""
    surroundings = {**os.environ, "SHARD_STACK_STATE": f"{state.run_dir}/state.json", "PYTHONPATH": str(REPO_ROOT)}
    robot = [sys.executable, "-m", "robot"]
    pabot = [sys.executable, "-m", "pabot.pabot", "--command", *robot, "--end-command"]
    full = [
        *(pabot if command[0] == "pabot" else robot),
        *command[1:],
        "--outputdir",
        str(folder / "output"),
        "--console",
        "none",
        *sources,
    ]
    if command[0] == "pabot":
        full[full.index("--console") : full.index("--console") + 2] = []
    started = time.perf_counter()
    done = subprocess.run(full, cwd=REPO_ROOT, env=surroundings, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode >= _MOST_FAILED:
        last = ((done.stderr or done.stdout).strip().splitlines() or ["no output"])[-1]
        raise BenchError(f"{command[0]} failed with exit code {done.returncode}: {last}")
    return seconds, done.returncode


def record(state: State, folder: Path) -> Recording:
    """Run the suites once and return what they called. Raises BenchError."""
    path = folder / "recording"
    run_robot(state, folder, ["robot", "--listener", f"benchmarks.recorder:{path}"])
    if not path.exists():
        raise BenchError("the recording is missing: did robot load benchmarks/recorder.py?")
    recording: Recording = pickle.loads(path.read_bytes())  # noqa: S301  we wrote it a moment ago
    return recording


def measure(home: Path, options: argparse.Namespace) -> tuple[Times, Recording, Replayed]:
    """Take all times."""
    times = Times()
    pabot = ["pabot", "--processes", "8"]
    with stacks.running(home, instances=_INSTANCES) as state, contextlib.closing(World(state)) as world:
        recording = record(state, home)
        replay = Replay(world)
        replayed = replay.run(recording.events)
        for _ in range(options.repeats):
            replayed = replay.run(recording.events)
            times.add("floor", replayed.seconds)
            times.add("robot", *run_robot(state, home, ["robot"]))
            times.add("pabot", *run_robot(state, home, pabot))
    if not options.slow_repeats:
        return times, recording, replayed
    with stacks.running(home, side="slow", fault="slow", env=_SLOW_ENV, instances=_INSTANCES) as state:
        for _ in range(options.slow_repeats):
            times.add("robot, 5 ms slower", *run_robot(state, home, ["robot"]))
            times.add("pabot, 5 ms slower", *run_robot(state, home, pabot))
    return times, recording, replayed


def main() -> int:
    """Print the table; return 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="turns of which the median counts (default 5)")
    parser.add_argument("--slow-repeats", type=int, default=3, help="turns with slower services (default 3)")
    options = parser.parse_args()
    description = machine.report()
    with stacks.workshop() as home:
        times, recording, replayed = measure(home, options)
    print(f"{machine.headline(description['machine'])}; commit {description['commit']}")
    print(
        f"recorded {len(recording.events)} calls and statements; replayed {replayed.calls} calls in "
        f"{replayed.http:.2f} s and {replayed.statements} statements in {replayed.sql:.2f} s; {replayed.skipped} of "
        f"instances that have ended left out, {replayed.differing} answered otherwise than in the run; "
        f"{recording.waited:.2f} s of the run were starts and stops of further instances\n"
    )
    rows = [
        (name, f"{times.median(name):.2f}", " ".join(f"{one:.2f}" for one in seconds), str(times.failed[name]))
        for name, seconds in times.seconds.items()
    ]
    print(table(("way", "median s", "each", "failed tests"), rows))
    ratios = {
        "robot to floor": (times.median("robot") / times.median("floor"), _FLOOR_TARGET),
        "robot to floor and waits for instances": (
            times.median("robot") / (times.median("floor") + recording.waited), _FLOOR_TARGET),
        "pabot to robot": (times.median("pabot") / times.median("robot"), _PABOT_TARGET),
    }  # fmt: skip
    if options.slow_repeats:
        slow = times.median("pabot, 5 ms slower") / times.median("robot, 5 ms slower")
        ratios["pabot to robot, 5 ms slower"] = (slow, 1.0)
    print()
    print(
        table(
            ("ratio", "found", "target"),
            [(k, f"{found:.2f}", f"{wanted:.2f}") for k, (found, wanted) in ratios.items()],
        )
    )
    met = all(found <= wanted for found, wanted in ratios.values())
    content = {"times": asdict(times), "ratios": {k: {"found": f, "target": w} for k, (f, w) in ratios.items()}}
    machine.write("bench-floor.json", {**description, **content, "replayed": asdict(replayed), "met": met})
    print("\nthe targets are met" if met else "\na target is MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(run_tool(main))
