"""Once the closed day is cached, a read leaves out the rows of exactly 00:00:00 today."""

from faults.patching import reword
from services.inventory import ledger

RULE = "5.1 S: a row of exactly 00:00:00 belongs to the new day"


def patch() -> None:
    """Begin the day a little later, with the cached closed day only."""
    reword(ledger, "READ_TODAY", "created_at >= q.since", "created_at > q.since")
