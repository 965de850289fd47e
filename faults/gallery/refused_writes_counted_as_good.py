"""A reservation that was refused is counted as one that was written."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: operations_total by status"


def patch() -> None:
    """Count each outcome under one status."""

    def careless(label: Any) -> Any:
        return lambda kind, section, _status: label(kind, section, "written")

    replace(metrics.operations, "labels", careless)
