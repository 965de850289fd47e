"""A statement that failed is counted as a success."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_database_queries_total{operation,status}"


def patch() -> None:
    """Count every statement as good."""

    def rosy(series: Any) -> Any:
        return lambda operation, _: series(operation, True)

    replace(metrics, "_database", rosy)
