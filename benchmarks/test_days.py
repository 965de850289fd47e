"""The first read of a day, which makes the snapshot, and the reads after it."""

from __future__ import annotations

import pytest

from benchmarks import cases
from benchmarks.conftest import Measure


@pytest.mark.parametrize("case", cases.DAYS, ids=lambda case: case.name)
def test_days(measure: Measure, case: cases.Case) -> None:
    measure(case)
