"""Each operation type that anybody makes up gets a series of its own among the rollbacks."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory import metrics
from services.inventory.service import InventoryService

RULE = "6.2 H: no series grows by what callers send"


def patch() -> None:
    """Count under the caller's own word."""

    def counted(add: Any) -> Any:
        async def add_items(self: Any, body: Any) -> Any:
            try:
                return await add(self, body)
            except Refusal:
                metrics.rollbacks.labels(body.operation_type, "invalid").inc()
                raise

        return add_items

    replace(InventoryService, "add_items", counted)
