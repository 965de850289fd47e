"""The comparison's verdict, on rounds whose length is known."""

from __future__ import annotations

import random

import pytest

from benchmarks import compare
from benchmarks.cases import ALL, Round
from benchmarks.compare import Comparison
from benchmarks.stats import Spread


class Clock:
    """What rounds are timed by, on a machine that now and then does something else for four milliseconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self._chance = random.Random(1)

    def perf_counter(self) -> float:
        return self.now

    def waiting(self, seconds: float) -> Round:
        def run(_: object) -> None:
            self.now += seconds * self._chance.uniform(0.98, 1.02) + (0.004 if self._chance.random() < 0.03 else 0.0)

        return Round(lambda: None, run)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(compare, "time", made)
    return made


def test_half_as_slow_again_is_called_slower(clock: Clock) -> None:
    found = compare._measured("known", (clock.waiting(0.0004), clock.waiting(0.0006)), 60)
    assert found.ratio.median == pytest.approx(1.5, abs=0.02)
    assert found.is_slower


def test_equal_sides_are_let_pass(clock: Clock) -> None:
    assert not compare._measured("known", (clock.waiting(0.0004), clock.waiting(0.0004)), 60).is_slower


@pytest.mark.parametrize(
    ("median", "low", "is_slower"),
    [(1.5, 1.4, True), (1.31, 1.16, True), (1.31, 1.1, False), (1.25, 1.2, False), (0.5, 0.4, False)],
)
def test_both_the_median_and_its_whole_interval_must_be_beyond(median: float, low: float, is_slower: bool) -> None:
    assert Comparison("case", 1.0, median, Spread(median, low, 2.0, 60)).is_slower is is_slower


def test_the_short_form_names_cases_that_exist() -> None:
    assert set(compare._SHORT) <= {case.name for case in ALL}


def test_bursts_share_the_slowdown_among_their_calls() -> None:
    assert {compare._calls(case) for case in ALL} == {1, 8}
