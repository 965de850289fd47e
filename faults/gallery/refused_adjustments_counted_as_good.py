"""An adjustment that was refused is counted as one that was written."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics
from services.inventory.service import ADJUSTMENT

RULE = "6.2 S: operations_total by status"


def patch() -> None:
    """Count adjustments before their outcome is known."""

    def careless(label: Any) -> Any:
        return lambda kind, section, status: label(kind, section, "written" if kind == ADJUSTMENT else status)

    replace(metrics.operations, "labels", careless)
