"""The leak detector on series whose truth is known."""

import random

import pytest

from load.leaks import MIB, Sample, Slope, slope_of

REQUESTS = 60_000
SAMPLES = 270


def series(growth_per_request: float = 0.0, noise: float = 0.0, jumps: dict[int, float] | None = None) -> list[Sample]:
    """Resident memory from 80 MiB on; ``jumps`` adds so many MiB from a number of requests on, for good."""
    rng = random.Random(7)
    found = []
    for n in range(SAMPLES):
        requests = round(REQUESTS * n / (SAMPLES - 1))
        resident = 80 * MIB + growth_per_request * requests + rng.gauss(0, noise * MIB)
        resident += sum(size * MIB for at, size in (jumps or {}).items() if requests >= at)
        found.append(Sample(requests, round(resident)))
    return found


def random_walk(seed: int, step_mib: float) -> list[Sample]:
    """Memory that wanders without growing on the whole: neighbouring samples depend on each other."""
    rng = random.Random(seed)
    resident = 80.0
    found = []
    for n in range(SAMPLES):
        resident += rng.gauss(0, step_mib)
        found.append(Sample(round(REQUESTS * n / (SAMPLES - 1)), round(resident * MIB)))
    return found


def interval(slope: Slope) -> tuple[float, float]:
    assert slope.low is not None
    assert slope.high is not None
    return slope.low, slope.high


@pytest.mark.parametrize("noise", [0.0, 0.5, 5.0])
def test_flat_memory_is_no_leak(noise: float) -> None:
    slope = slope_of(series(noise=noise))
    low, high = interval(slope)
    assert not slope.is_leak
    assert low <= 0 <= high


@pytest.mark.parametrize("at", [3_000, 20_000, 30_000, 45_000, 58_000])
def test_one_step_and_then_flat_is_no_leak(at: int) -> None:
    assert not slope_of(series(noise=0.1, jumps={at: 25})).is_leak


def test_growth_in_the_warm_up_does_not_count() -> None:
    samples = series(jumps=dict.fromkeys(range(0, 14000, 500), 1))
    assert interval(slope_of(samples))[1] < 1


@pytest.mark.parametrize("bytes_a_request", [400, 4096, 8192])
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_a_leak_is_found_and_measured(bytes_a_request: int, noise: float) -> None:
    slope = slope_of(series(bytes_a_request, noise))
    low, high = interval(slope)
    assert slope.is_leak
    assert low < bytes_a_request * 10_000 / MIB < high


def test_a_leak_below_the_limit_is_none() -> None:
    assert not slope_of(series(growth_per_request=80)).is_leak


def test_the_interval_holds_the_truth_as_often_as_it_says_when_samples_depend_on_each_other() -> None:
    inside = 0
    for seed in range(300):
        low, high = interval(slope_of(random_walk(seed, 0.5)))
        inside += low <= 0 <= high
    assert inside >= 0.93 * 300


def test_what_counts_is_requests_and_not_time() -> None:
    # The same leak at ten times the rate in the second half of the time.
    samples = [Sample(n * 100, 80 * MIB + n * 100 * 4096) for n in range(100)]
    samples += [Sample(10_000 + n * 1000, 80 * MIB + (10_000 + n * 1000) * 4096) for n in range(100)]
    low, high = interval(slope_of(samples))
    assert low < 39.06 < high
    assert high - low < 1


def test_a_short_run_shows_a_fast_leak_and_is_not_sure_about_a_slow_one() -> None:
    fast = [Sample(n * 60, 80 * MIB + n * 60 * 8192) for n in range(50)]
    slow = [Sample(n * 60, 80 * MIB + n * 60 * 200) for n in range(50)]
    assert slope_of(fast).is_leak
    assert not slope_of(slow).is_leak


@pytest.mark.parametrize("samples", [[], [Sample(0, MIB)], [Sample(5, MIB)] * 40, series()[:6]])
def test_too_little_is_not_judged(samples: list[Sample]) -> None:
    slope = slope_of(samples)
    assert slope.mib is None
    assert slope.reason
    assert str(slope).startswith("not judged: ")
    assert not slope.is_leak
