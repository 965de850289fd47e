"""``python -m benchmarks.growth``: what reads and writes cost after the day's first read, by length of the history.

All players are asked in turns, so that the machine's moods meet all lengths alike.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks import machine, stacks
from benchmarks.cases import HISTORIES
from benchmarks.errors import run_tool
from benchmarks.stats import spread_of, table
from benchmarks.world import Player, Variant, World

TARGET = 1.2
_VARIANTS = 20
_DAYS = 100
_QUANTITY = 1000
_ROUNDS = 400
_WARM_UP = 30
_MILLI = 1000


@dataclass
class Length:
    """A length of history, its player, and seconds by kind of call."""

    rows: int
    player: Player
    first: float = 0.0
    times: dict[str, list[float]] = field(default_factory=dict)

    def median(self, kind: str) -> float:
        """Return the median seconds of a kind of call."""
        return statistics.median(self.times[kind])


def _prepare(world: World, rows: int, variants: Sequence[Variant]) -> Length:
    player = world.player()
    world.rows([player.user_id], rows, variants, _QUANTITY, _DAYS)
    started = time.perf_counter()
    world.inventory.exchange(world.read(player))
    return Length(rows, player, time.perf_counter() - started)


def _kinds(world: World, variant: Variant) -> dict[str, tuple[Callable[[Player], object], Callable[[Player], bytes]]]:
    """Return each kind's untimed preparation and its prepared call."""
    return {
        "day cached": (lambda _: None, world.read),
        "day not cached": (lambda player: world.forget_cached_day(player.user_id), world.read),
        "reserve": (lambda _: None, lambda player: world.reserve(player.user_id, [variant.line(1)])),
    }


def measure(world: World, longest: int) -> list[Length]:
    """Return the measured lengths up to the longest."""
    variants = world.variants(_VARIANTS)
    lengths = [_prepare(world, rows, variants) for rows in HISTORIES if rows <= longest]
    for kind, (before, prepare) in _kinds(world, variants[0]).items():
        for number in range(_WARM_UP + _ROUNDS):
            for length in lengths if number % 2 else reversed(lengths):
                before(length.player)
                prepared = prepare(length.player)
                started = time.perf_counter()
                world.inventory.exchange(prepared)
                if number >= _WARM_UP:
                    length.times.setdefault(kind, []).append(time.perf_counter() - started)
    return lengths


def main() -> int:
    """Print the table; return 1 when a read over the longest history misses its target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--longest", type=int, choices=HISTORIES, default=HISTORIES[-1], help="rows of the longest")
    options = parser.parse_args()
    description = machine.report()
    with (
        stacks.workshop() as home,
        stacks.running(home) as stack,
        contextlib.closing(World(stack)) as world,
    ):
        lengths = measure(world, options.longest)
    kinds = list(lengths[0].times)
    rows = [
        (f"{one.rows:,}", f"{one.first * _MILLI:.1f}", *(f"{one.median(kind) * _MILLI:.3f}" for kind in kinds))
        for one in lengths
    ]
    print(f"{machine.headline(description['machine'])}; commit {description['commit']}\nmedians in ms\n")
    print(table(("rows of history", "first read of the day", *(f"then: {kind}" for kind in kinds)), rows))
    # Of each turn the ratio longest to shortest, which were asked one right after the other.
    ratios = {
        kind: spread_of([b / a for a, b in zip(lengths[0].times[kind], lengths[-1].times[kind], strict=True)])
        for kind in kinds
    }
    print(f"\n{lengths[-1].rows:,} rows to {lengths[0].rows:,}, median ratio of turns; target {TARGET} for reads")
    for kind, ratio in ratios.items():
        print(f"  {kind}: {ratio}, ratio of medians {lengths[-1].median(kind) / lengths[0].median(kind):.3f}")
    met = all(lengths[-1].median(kind) <= TARGET * lengths[0].median(kind) for kind in kinds if kind != "reserve")
    content = [
        {"rows": one.rows, "first_read_ms": round(one.first * _MILLI, 3),
         "median_ms": {kind: round(one.median(kind) * _MILLI, 4) for kind in kinds}}
        for one in lengths
    ]  # fmt: skip
    machine.write("bench-growth.json", {**description, "target": TARGET, "met": met, "lengths": content})
    print("\nthe target is met" if met else "\nthe target is MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(run_tool(main))
