"""What there is of a missing item is told as a floating-point number would hold it."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.5 S: missing_items tell what is available"


def patch() -> None:
    """Let it pass through a float."""

    def rounded(missing: Any) -> Any:
        def missing_about(*args: Any) -> Any:
            entries = missing(*args)
            return [(kind, {**entry, "available": int(float(entry["available"]))}) for kind, entry in entries]

        return missing_about

    replace(service, "_missing", rounded)
