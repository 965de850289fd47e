"""An entry of the audit log names an id that no row in the ledger has."""

from faults.patching import reword
from services.inventory import ledger

RULE = "4.10 H: the audit log has the operation_id"


def patch() -> None:
    """Make one up."""
    reword(ledger, "AUDIT", "operation_id", "gen_random_uuid() AS operation_id")
