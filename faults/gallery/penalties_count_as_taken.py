"""What penalties and listings have brought counts as taken in a balance: the type is believed, not the row's sign."""

from faults.patching import reword
from services.inventory import ledger

RULE = "law 1 S: a balance is the sum of its rows' quantity_change"
_CHANGE = """CASE WHEN operation_type_id IN (
    inventory.code_id('operation_type', 'system_penalty'), inventory.code_id('operation_type', 'trade_listing'))
    THEN -abs(quantity_change) ELSE quantity_change END"""
SQL = [("read_section", "NULL, o.quantity_change", f"NULL, {_CHANGE}")]


def patch() -> None:
    """Do the same with what came today."""
    reword(ledger, "READ_TODAY", "sum(quantity_change)", f"sum({_CHANGE})")
