"""Tells a memory leak from noise and from memory that grows once and then stays.

What counts is memory over *requests served*: a leak of so much a request shows the same slope at any rate of load.

Method. The first part of the run is warm-up, while caches and pools fill, and is cut: a quarter of all requests, or
2,000 of them where that is more, but never over half. The rest is cut into ten blocks of equally many requests; each
block's mean memory and mean number of requests make one point. The slopes from point to point are the observations, and
their mean weighted by requests (that is, total growth by total requests) is the estimate, with a t interval.

This is linear regression in first differences, the generalised least squares estimate for errors that are a random
walk, and resident memory is close to one: an allocator that has grown stays grown, so neighbouring samples are anything
but independent, and ordinary regression over them gives intervals far too narrow. Differences of a random walk are
independent (and those of its block means correlate by a quarter, which the interval allows for). Where the errors are
independent after all, the interval comes out wider than need be, never narrower. A
single step gives one large slope among zeros, hence an interval that holds zero: growing once is no leak.

The interval is widened by one arena, the piece in which Python takes memory from the system: how full the last one is
cannot be seen from outside. In a run of a few thousand requests that matters, in a long one it does not.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

MIB = 1024 * 1024
PER_REQUESTS = 10_000
LIMIT_MIB = 1.0
ARENA_MIB = 1.0
WARM_UP_SHARE = 0.25
WARM_UP_REQUESTS = 2000
BLOCKS = 10
_MOST_EMPTY = 2
# By this much is the mean of such differences less certain than that of independent ones (Working, 1960).
_AVERAGING = 1.2
# Two-sided 95 % points of Student's t by degrees of freedom.
_T95 = {6: 2.447, 7: 2.365, 8: 2.306}


@dataclass(frozen=True)
class Sample:
    """A service's resident memory in bytes when so many requests had been served."""

    requests: int
    resident: int


@dataclass(frozen=True)
class Slope:
    """Growth in MiB for each 10,000 requests, with its 95 % confidence interval; None when it cannot be told."""

    mib: float | None
    low: float | None
    high: float | None
    requests: int
    reason: str = ""

    @property
    def is_leak(self) -> bool:
        """Whether the whole interval lies above the limit."""
        return self.low is not None and self.low > LIMIT_MIB

    def __str__(self) -> str:
        if self.mib is None or self.low is None or self.high is None:
            return f"not judged: {self.reason}"
        return f"{self.mib:+.2f} MiB ({self.low:+.2f} to {self.high:+.2f}) per 10,000 requests"


def slope_of(samples: Sequence[Sample]) -> Slope:
    """Return how a service's memory grows with the requests it served; ``samples`` in the order of time."""
    if not samples:
        return Slope(None, None, None, 0, "no samples")
    first, last = samples[0].requests, samples[-1].requests
    start = first + max(WARM_UP_SHARE * (last - first), min(WARM_UP_REQUESTS, (last - first) / 2))
    # Before a run and after it samples go on without requests: those say nothing about growth by requests.
    kept = [sample for sample in samples if start <= sample.requests < last] or list(samples[-1:])
    points = _block_means(kept, start, last)
    span = round(last - start)
    if len(points) < BLOCKS - _MOST_EMPTY:
        return Slope(
            None, None, None, span, f"{len(kept)} samples after the warm-up fill {len(points)} of {BLOCKS} blocks"
        )
    return _interval(points, span)


def _block_means(samples: Sequence[Sample], start: float, end: float) -> list[tuple[float, float]]:
    """Return (10,000 requests, MiB) of each block that has samples."""
    width = (end - start) / BLOCKS
    blocks: list[list[Sample]] = [[] for _ in range(BLOCKS)]
    for sample in samples:
        if width > 0:
            blocks[min(BLOCKS - 1, int((sample.requests - start) / width))].append(sample)
    return [
        (
            sum(s.requests for s in block) / len(block) / PER_REQUESTS,
            sum(s.resident for s in block) / len(block) / MIB,
        )
        for block in blocks
        if block
    ]


def _interval(points: Sequence[tuple[float, float]], span: int) -> Slope:
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(points) if b[0] > a[0]]
    length = sum(dx for dx, _ in steps)
    mean = sum(dy for _, dy in steps) / length
    freedom = len(steps) - 1
    # A random walk's variance grows with the distance; dividing by it makes the steps comparable.
    variance = sum((dy - mean * dx) ** 2 / dx for dx, dy in steps) / freedom
    reach = _AVERAGING * _T95[freedom] * math.sqrt(variance / length) + ARENA_MIB / length
    return Slope(mean, mean - reach, mean + reach, span)
