"""Medians and their confidence, without assumptions about how noise is distributed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_Z95 = 1.96


@dataclass(frozen=True)
class Spread:
    """A median and the 95 % confidence interval around it."""

    median: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.median:.3f} ({self.low:.3f} to {self.high:.3f})"


def spread_of(values: Sequence[float]) -> Spread:
    """Return the median with the interval between two order statistics that covers it 19 times in 20.

    The number of values below the true median is binomial, whatever the values' distribution is.
    """
    ordered = sorted(values)
    count = len(ordered)
    reach = _Z95 * math.sqrt(count) / 2
    low = max(0, math.floor(count / 2 - reach))
    high = min(count - 1, math.ceil(count / 2 + reach) - 1)
    return Spread(statistics.median(ordered), ordered[low], ordered[high], count)


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """Return the first and the third quartile; of a single value, that value twice."""
    if len(values) < 2:
        return values[0], values[0]
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, third


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a text table: the first column to the left, the others to the right."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]

    def text(line: Sequence[str]) -> str:
        cells = [cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in
                 enumerate(zip(line, widths, strict=True))]  # fmt: skip
        return "  ".join(cells).rstrip()

    return "\n".join([text(lines[0]), "-" * (sum(widths) + 2 * (len(widths) - 1)), *map(text, lines[1:])])
