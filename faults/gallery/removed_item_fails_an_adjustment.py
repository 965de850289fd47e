"""An adjustment of an item that has left the catalogue is answered 500."""

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.1 S: an unknown item is a 400, never a 5xx"


def patch() -> None:
    """Adjust without a look at whether the catalogue has changed."""
    replace(InventoryService, "adjust", lambda adjust: adjust.__wrapped__)
