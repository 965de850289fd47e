"""Reads after the day's first, however long the history is. The growth from 1,000 rows on: `make bench-growth`."""

from __future__ import annotations

import pytest

from benchmarks import cases
from benchmarks.conftest import Measure


@pytest.mark.parametrize("rows", cases.HISTORIES, ids=lambda rows: f"read over {rows:,} operations")
def test_history(measure: Measure, rows: int) -> None:
    measure(cases.Case("", cases.history_of(rows)))
