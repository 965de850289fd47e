"""One stack and one connection for all benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import Case
from benchmarks.world import World
from stack.client import attach_or_start

Measure = Callable[[Case], None]


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The stack that is up in this checkout, else one that ends with this run."""
    made = World(attach_or_start())
    yield made
    made.close()


@pytest.fixture
def measure(benchmark: BenchmarkFixture, world: World) -> Measure:
    """Measures a case: rounds of one call, or of one burst of calls, each prepared outside the clock."""

    def run(case: Case) -> None:
        made = case.prepare(world)
        try:
            benchmark.extra_info["calls"] = made.calls
            benchmark.pedantic(  # type: ignore[no-untyped-call]
                made.run, setup=lambda: ((made.before(),), {}), rounds=case.rounds, warmup_rounds=case.warm_up
            )
        finally:
            made.close()

    return run
