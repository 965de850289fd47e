"""A refusal names each item that is short once, whatever the variants."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.5 H: missing_items names each variant"


def patch() -> None:
    """Keep the first of an item."""

    def first_of_each(told: Any) -> Any:
        def missing(*args: Any) -> Any:
            kept: dict[Any, Any] = {}
            for entry in told(*args):
                kept.setdefault(entry[1]["item_id"], entry)
            return list(kept.values())

        return missing

    replace(service, "_missing", first_of_each)
