"""Of the audit log only the last thousand entries are told."""

from faults.patching import reword
from services.inventory import ledger

RULE = "4.10 H: that player's audit log"


def patch() -> None:
    """Put a limit on what has no pages."""
    reword(ledger, "AUDIT", "ORDER BY id DESC", "ORDER BY id DESC LIMIT 1000")
