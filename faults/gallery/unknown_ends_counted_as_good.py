"""The end of a reservation that is not there is counted as one that was written."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory import metrics
from services.inventory.service import FACTORY, InventoryService

RULE = "6.2 S: operations_total by status"


def patch() -> None:
    """Count it before it is refused."""

    def careless(end: Any) -> Any:
        async def end_and_count(service: InventoryService, body: Any, kind: str) -> Any:
            try:
                return await end(service, body, kind)
            except Refusal:
                metrics.operations.labels(kind, FACTORY, "written").inc()
                raise

        return end_and_count

    replace(InventoryService, "_end", careless)
