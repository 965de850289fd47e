"""What was written today is added up as a 32-bit number where it stands beside a closed day that is cached."""

from faults.patching import reword
from services.inventory import ledger

RULE = "4.3 S: a quantity is told whole, however large"


def patch() -> None:
    """Cast the sum."""
    reword(ledger, "READ_TODAY", "sum(quantity_change)::bigint", "sum(quantity_change)::integer")
