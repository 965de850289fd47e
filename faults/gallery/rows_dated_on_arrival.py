"""Rows are dated by the service's clock as a call arrives, before it has waited for its player."""

from datetime import UTC, datetime
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "law 1: a snapshot is the sum of all rows up to the end of its day"
PROVEN_BY = "resilience"
SQL = [
    (
        function,
        "v_now := clock_timestamp();",
        "v_now := COALESCE(nullif(current_setting('faults.arrived', true), '')::timestamptz, clock_timestamp());",
    )
    for function in ("add_items", "reserve", "end_reservation", "adjust")
]


def patch() -> None:
    """Tell the database when a write arrived."""

    def dated(write: Any) -> Any:
        async def write_dated(ledger: Ledger, user: Any, operation: str, sql: str, *args: Any) -> Any:
            call = sql.removeprefix("SELECT * FROM ")
            told = f"set_config('faults.arrived', ${len(args) + 1}, true)"
            # The function's arguments come from the row that tells: it is told before.
            asked = f"SELECT o.* FROM (SELECT {told} AS at OFFSET 0) AS a CROSS JOIN LATERAL {_after(call)} AS o"
            return await write(ledger, user, operation, asked, *args, datetime.now(UTC).isoformat())

        return write_dated

    replace(Ledger, "_write", dated)


def _after(call: str) -> str:
    """Return a call whose first argument waits for what ``a.at`` does."""
    name, _, rest = call.partition("($1, ")
    return f"{name}(CASE WHEN a.at IS NOT NULL THEN $1::uuid END, {rest}"
