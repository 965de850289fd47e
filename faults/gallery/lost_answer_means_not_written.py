"""A write whose answer was lost is told as one that was not made."""

from faults.patching import replace
from services.common import database

RULE = "4.13 H: database_unavailable means that nothing was written"


def patch() -> None:
    """Say so whatever happened."""
    replace(database, "outcome_unknown", lambda _: database.unavailable)
