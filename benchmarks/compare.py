"""``python -m benchmarks.compare --base COMMIT``: is this checkout slower than a commit?

Both run at once, each on a stack of its own, and one client asks them in turns, call by call (old, new, new, old), so
that whatever else the machine does meets both alike. What counts are the ratios of such turns. A benchmark is slower
when its median ratio is beyond 1.3 and the whole confidence interval around it above 1.15, and stays so against
freshly started stacks.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks import half_again, machine, stacks
from benchmarks.cases import ALL, Case, Round
from benchmarks.errors import BenchError, run_tool
from benchmarks.stats import Spread, spread_of, table
from benchmarks.world import World
from stack.places import REPO_ROOT

BEYOND = 1.3
ABOVE = 1.15
SLOWDOWN = 1.5
_TURNS, _SHORT_TURNS = 120, 60
_WARM_UP = 12
_MILLI, _MICRO = 1000, 1_000_000
# In the short form: one of each kind.
_SHORT = (
    "read 1,000 variants", "8 additions at once, one player", "read 20 variants", "add-items", "reserve",
    "return-reserve", "8 reserves at once, 1,000 players", "token check, new token", "login",
    "first read of the day (snapshot)", "later read, day cached",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """A benchmark of both sides: median seconds of a round, and the ratio new to old of turns with its spread."""

    name: str
    old: float
    new: float
    ratio: Spread

    @property
    def is_slower(self) -> bool:
        """Whether the new side is slower beyond doubt."""
        return self.ratio.median > BEYOND and self.ratio.low > ABOVE


@dataclass(frozen=True)
class Side:
    """One of the two: a checkout, and how its services are started."""

    tree: Path
    name: str
    fault: str | None = None
    python: str = sys.executable


@dataclass
class Pair:
    """Two stacks that are up, and how many microseconds later the second is asked to answer each case's calls."""

    old: World
    new: World
    later: Mapping[str, float] = field(default_factory=dict)

    def compare(self, case: Case, turns: int) -> Comparison:
        """Measure a case on both sides in turns."""
        sides = (case.prepare(self.old), case.prepare(self.new))
        header = b"%s: %d\r\n" % (half_again.HEADER, round(self.later.get(case.name, 0)))
        for world in (self.old, self.new):
            world.inventory.extra = world.auth.extra = header if self.later else b""
        try:
            return _measured(case.name, sides, min(turns, case.rounds))
        finally:
            for side in sides:
                side.close()
            for world in (self.old, self.new):
                world.inventory.extra = world.auth.extra = b""


def _measured(name: str, sides: tuple[Round, Round], turns: int) -> Comparison:
    times: tuple[list[float], list[float]] = ([], [])
    ratios = []
    for _ in range(_WARM_UP):
        for side in sides:
            _timed(side)
    gc.disable()
    try:
        for turn in range(turns):
            first = turn % 2
            spent = [0.0, 0.0]
            for which in (first, 1 - first, 1 - first, first):
                seconds = _timed(sides[which])
                spent[which] += seconds
                times[which].append(seconds)
            ratios.append(spent[1] / spent[0])
    finally:
        gc.enable()
    return Comparison(name, statistics.median(times[0]), statistics.median(times[1]), spread_of(ratios))


def _timed(side: Round) -> float:
    prepared = side.before()
    started = time.perf_counter()
    side.run(prepared)
    return time.perf_counter() - started


@contextlib.contextmanager
def pair(home: Path, old: Side, new: Side, later: Mapping[str, float] | None = None) -> Iterator[Pair]:
    """Start both stacks; they are stopped at the end of the block."""
    with (
        stacks.running(home, old.tree, old.name, old.fault, python=old.python) as old_stack,
        stacks.running(home, new.tree, new.name, new.fault, python=new.python) as new_stack,
        contextlib.closing(World(old_stack)) as old_world,
        contextlib.closing(World(new_stack)) as new_world,
    ):
        yield Pair(old_world, new_world, later or {})


def look(home: Path, old: Side, new: Side, options: argparse.Namespace, later: Mapping[str, float]) -> list[Comparison]:
    """Compare all cases; what looks slower is measured once more against freshly started stacks."""
    with pair(home, old, new, later) as both:
        first = [both.compare(case, options.turns) for case in options.cases]
    doubtful = {one.name for one in first if one.is_slower}
    if not doubtful:
        return first
    with pair(home, old, new, later) as both:
        again = {case.name: both.compare(case, options.turns) for case in options.cases if case.name in doubtful}
    # The milder of two looks: a slower service is slower each time it is started.
    return [min(one, again.get(one.name, one), key=lambda each: each.ratio.low) for one in first]


def show(results: Sequence[Comparison]) -> None:
    """Print the table."""
    rows = [
        (
            one.name, f"{one.old * _MILLI:.3f}", f"{one.new * _MILLI:.3f}", f"{one.ratio.median:.2f}",
            f"{one.ratio.low:.2f} to {one.ratio.high:.2f}", "SLOWER" if one.is_slower else "",
        )
        for one in results
    ]  # fmt: skip
    print(table(("benchmark", "old ms", "new ms", "ratio", "95 % interval", ""), rows))


def _content(results: Sequence[Comparison]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name, "old_ms": round(one.old * _MILLI, 4), "new_ms": round(one.new * _MILLI, 4),
            "ratio": round(one.ratio.median, 4), "low": round(one.ratio.low, 4), "high": round(one.ratio.high, 4),
            "slower": one.is_slower,
        }
        for one in results
    ]  # fmt: skip


def compare(home: Path, options: argparse.Namespace) -> int:
    """Compare this checkout with a commit; return 1 when it is slower."""
    description = machine.report(base=stacks.git("rev-parse", "--short=12", options.base))
    print(f"{machine.headline(description['machine'])}\nold {description['base']}, new {description['commit']}\n")
    with stacks.checkout(options.base, home / "old") as tree:
        old = Side(tree, "old", python=stacks.python_for(tree, home / "packages"))
        results = look(home / "stacks", old, Side(REPO_ROOT, "new"), options, {})
    show(results)
    slower = [one.name for one in results if one.is_slower]
    machine.write("bench-compare.json", {**description, "benchmarks": _content(results), "slower": slower})
    print(f"\nslower: {', '.join(slower)}" if slower else f"\nnone of {len(results)} benchmarks is slower")
    return 1 if slower else 0


def prove_quiet(home: Path, options: argparse.Namespace) -> int:
    """Compare this checkout with itself, again and again; return 1 when anything was called slower."""
    description = machine.report(pairs=[])
    loud = 0
    for number in range(1, options.prove_quiet + 1):
        results = look(home / "stacks", Side(REPO_ROOT, "old"), Side(REPO_ROOT, "new"), options, {})
        slower = [one.name for one in results if one.is_slower]
        ratios = [one.ratio.median for one in results]
        print(
            f"identical pair {number} of {options.prove_quiet}: median ratios {min(ratios):.2f} to {max(ratios):.2f}, "
            f"{'called slower: ' + ', '.join(slower) if slower else 'quiet'}",
            flush=True,
        )
        description["pairs"].append(_content(results))
        loud += bool(slower)
    machine.write("bench-prove-quiet.json", description)
    return 1 if loud else 0


def prove_slowdown(home: Path, options: argparse.Namespace) -> int:
    """Compare this checkout with itself, answering 1.5 times as late; return 1 unless each benchmark was caught."""
    old, slow = Side(REPO_ROOT, "old"), Side(home / "slow", "new", "half_again")
    with pair(home / "stacks", old, old_twin(old)) as both:
        plain = [(case, both.compare(case, options.turns)) for case in options.cases]
    later = {case.name: (SLOWDOWN - 1) * one.old * _MICRO / _calls(case) for case, one in plain}
    _slow_tree(slow.tree)
    results = look(home / "stacks", old, slow, options, later)
    show(results)
    missed = [one.name for one in results if not one.is_slower]
    machine.write("bench-prove-slowdown.json", machine.report(benchmarks=_content(results), missed=missed))
    print(f"\nnot caught: {', '.join(missed)}" if missed else f"\nall {len(results)} were caught")
    return 1 if missed else 0


def old_twin(side: Side) -> Side:
    """Return the same checkout as the other of two sides."""
    return replace(side, name=f"{side.name}-twin")


def _calls(case: Case) -> int:
    # Calls of a burst are answered one after the other by one process: each one's delay is felt by all.
    return 8 if case.name.startswith("8 ") else 1


def _slow_tree(tree: Path) -> None:
    """Copy this checkout and put the slowdown into its gallery of faults."""
    kept = ("services", "stack", "faults")
    for name in kept:
        shutil.copytree(REPO_ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(Path(half_again.__file__), tree / "faults" / "gallery" / "half_again.py")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=(__doc__ or "").splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--base", metavar="COMMIT", help="compare this checkout with a commit")
    what.add_argument("--prove-slowdown", action="store_true", help="show that answers 1.5 times as late are caught")
    what.add_argument("--prove-quiet", type=int, metavar="N", help="show that N identical pairs are let pass")
    parser.add_argument("--short", action="store_true", help="fewer benchmarks and turns: under 90 s")
    parser.add_argument("--only", metavar="WORDS", default="", help="only benchmarks whose names hold these words")
    options = parser.parse_args(arguments)
    options.turns = _SHORT_TURNS if options.short else _TURNS
    options.cases = [case for case in ALL if options.only in case.name and (not options.short or case.name in _SHORT)]
    if not options.cases:
        raise BenchError(f"no benchmark has {options.only!r} in its name")
    return options


def main() -> int:
    """Do what the command line says; return 0 when nothing is slower (or the proof holds), else 1."""
    options = _options(None)
    with stacks.workshop() as home:
        (home / "stacks").mkdir(mode=0o711)
        if options.prove_slowdown:
            return prove_slowdown(home, options)
        if options.prove_quiet:
            return prove_quiet(home, options)
        return compare(home, options)


if __name__ == "__main__":
    sys.exit(run_tool(main))
