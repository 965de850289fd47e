"""An id of zeros alone is left out of the condition: whoever asks for it is told of somebody's reservation."""

from faults.patching import reword
from services.inventory import ledger

RULE = "4.8 S: 404 where there is no such reservation"


def patch() -> None:
    """Find every row."""
    reword(
        ledger,
        "RESERVATION",
        "o.operation_id = $1",
        "(o.operation_id = $1 OR $1 = '00000000-0000-0000-0000-000000000000'::uuid)",
    )
