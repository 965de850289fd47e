"""Changes of one variant in an adjustment become one row, also when their sum is nothing."""

from faults.gallery.addition_merges_a_variant import merging
from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.9 S: a row of type admin_adjustment for each change"


def patch() -> None:
    """Merge the lines of an adjustment."""
    replace(Ledger, "adjust", merging)
