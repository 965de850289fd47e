"""Each call by itself."""

from __future__ import annotations

import pytest

from benchmarks import cases
from benchmarks.conftest import Measure


@pytest.mark.parametrize("case", cases.CALLS, ids=lambda case: case.name)
def test_calls(measure: Measure, case: cases.Case) -> None:
    measure(case)
