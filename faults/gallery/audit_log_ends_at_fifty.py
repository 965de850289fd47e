"""The audit log tells the last fifty adjustments of a player."""

from faults.patching import reword
from services.inventory import ledger

RULE = "4.10 H: that player's audit log"


def patch() -> None:
    """Put an end to the question."""
    reword(ledger, "AUDIT", "ORDER BY id DESC", "ORDER BY id DESC LIMIT 50")
