"""The duration of a query is the processor time that it took here, without what it waited for."""

from types import SimpleNamespace

from faults.patching import replace
from services.common import database

RULE = "6.2 S: inventory_database_query_duration_seconds"


def patch() -> None:
    """Look at another clock."""
    replace(
        database,
        "time",
        lambda clock: SimpleNamespace(perf_counter=clock.process_time, monotonic=clock.monotonic),
    )
