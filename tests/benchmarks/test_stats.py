"""Medians, their confidence, tables."""

from __future__ import annotations

import random

from benchmarks.stats import quartiles, spread_of, table


def test_the_interval_holds_the_true_median_19_times_in_20() -> None:
    numbers = random.Random(7)
    held = 0
    for _ in range(400):
        spread = spread_of([numbers.lognormvariate(0, 1) for _ in range(60)])
        held += spread.low <= 1.0 <= spread.high
    assert held >= 0.93 * 400


def test_one_value_is_its_own_interval() -> None:
    spread = spread_of([2.0])
    assert (spread.median, spread.low, spread.high, spread.count) == (2.0, 2.0, 2.0, 1)
    assert quartiles([2.0]) == (2.0, 2.0)


def test_quartiles() -> None:
    assert quartiles([1.0, 2.0, 3.0, 4.0, 5.0]) == (2.0, 4.0)


def test_a_table_keeps_names_left_and_numbers_right() -> None:
    assert table(("name", "ms"), [("a", "10"), ("longer", "9")]).splitlines() == [
        "name    ms",
        "----------",
        "a       10",
        "longer   9",
    ]
