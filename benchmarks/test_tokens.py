"""Who is let in, and how fast."""

from __future__ import annotations

import pytest

from benchmarks import cases
from benchmarks.conftest import Measure


@pytest.mark.parametrize("case", cases.TOKENS, ids=lambda case: case.name)
def test_tokens(measure: Measure, case: cases.Case) -> None:
    measure(case)
