"""The comparison's verdict, on rounds whose length is known."""

from __future__ import annotations

import time

import pytest

from benchmarks import compare
from benchmarks.cases import ALL, Round
from benchmarks.compare import Comparison
from benchmarks.stats import Spread


def _waiting(seconds: float) -> Round:
    def run(_: object) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            pass

    return Round(lambda: None, run)


def test_half_as_slow_again_is_called_slower() -> None:
    found = compare._measured("known", (_waiting(0.0004), _waiting(0.0006)), 60)
    assert found.ratio.median == pytest.approx(1.5, abs=0.2)
    assert found.is_slower


def test_equal_sides_are_let_pass() -> None:
    assert not compare._measured("known", (_waiting(0.0004), _waiting(0.0004)), 60).is_slower


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
