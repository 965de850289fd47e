"""Reservations that meet."""

from __future__ import annotations

import pytest

from benchmarks import cases
from benchmarks.conftest import Measure


@pytest.mark.parametrize("case", cases.CONTENTION, ids=lambda case: case.name)
def test_contention(measure: Measure, case: cases.Case) -> None:
    measure(case)
