"""What a reservation lacks is named by the members that tell what is reserved: item_code and collection_code."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.5 S: an entry of missing_items has item_id, collection and quality_level"


def patch() -> None:
    """Name an entry by codes alone."""

    def by_codes(missing: Any) -> Any:
        def told(catalogue: Any, shortages: Any) -> Any:
            found = missing(catalogue, shortages)
            for _, entry in found:
                entry["item_code"] = catalogue.items[entry.pop("item_id")].item_type
                for name in ("collection", "quality_level"):
                    entry[f"{name}_code"] = entry.pop(name, "base")
            return found

        return told

    replace(service, "_missing", by_codes)
