"""Writes that succeed are counted among those that left nothing."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_transaction_rollbacks_total counts what was rolled back"


def patch() -> None:
    """Count each operation as one of them."""

    def both(labels: Any) -> Any:
        def counted(kind: str, section: str, status: str) -> Any:
            metrics.rollbacks.labels(kind, status).inc()
            return labels(kind, section, status)

        return counted

    replace(metrics.operations, "labels", both)
