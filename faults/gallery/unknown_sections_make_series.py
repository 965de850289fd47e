"""Each section that somebody invents makes a series of metrics."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory import metrics
from services.inventory.service import InventoryService

RULE = "6.2 H: no caller can make series"


def patch() -> None:
    """Count what was refused under the section that was asked for."""

    def counting(section: Any) -> Any:
        async def section_or_count(service: InventoryService, code: str) -> Any:
            try:
                return await section(service, code)
            except Refusal:
                metrics.operations.labels("read", code, "refused").inc()
                raise

        return section_or_count

    replace(InventoryService, "section", counting)
