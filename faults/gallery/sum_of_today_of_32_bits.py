"""What came today is summed in 32 bits where the day before is in the cache."""

from faults.patching import reword
from services.inventory import ledger

RULE = "4.3 S: an inventory tells what there is; quantities are of 64 bits"


def patch() -> None:
    """Cast the sum of today's rows to a shorter number."""
    reword(ledger, "READ_TODAY", "sum(quantity_change)::bigint", "sum(quantity_change)::int")
