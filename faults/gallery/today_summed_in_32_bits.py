"""What was written today is added up as a 32-bit number where it stands beside a closed day that is cached."""

from faults.patching import reword
from services.inventory import ledger

RULE = "section 5 S: quantities are bigints"


def patch() -> None:
    """Cast the sum."""
    reword(ledger, "READ_TODAY", "sum(quantity_change)::bigint", "sum(quantity_change)::integer")
