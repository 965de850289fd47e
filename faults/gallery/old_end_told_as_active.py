"""A reservation that was ended more than a day ago is told as active: its end is looked for among new rows."""

from faults.patching import reword
from services.inventory import ledger

RULE = "4.8 S: the status of a reservation that was returned is returned"
_OWN = "o.operation_id = $1"
_KEPT = """(o.created_at > now() - interval '1 day'
            OR o.operation_type_id = inventory.code_id('operation_type', 'factory_reservation'))"""


def patch() -> None:
    """Leave old ends out."""
    reword(ledger, "RESERVATION", _OWN, f"{_OWN} AND {_KEPT}")
