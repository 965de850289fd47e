"""The seed's three."""

from __future__ import annotations

import pytest

from benchmarks import cases
from benchmarks.conftest import Measure


@pytest.mark.parametrize("case", cases.SEED, ids=lambda case: case.name)
def test_seed(measure: Measure, case: cases.Case) -> None:
    measure(case)
