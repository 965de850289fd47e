"""What a reservation lacks is told with its item_id, and its variant by collection_code and quality_level_code."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.5 S: missing_items names the collection and the quality level of what is short"


def patch() -> None:
    """Name the variant of an entry by the members of what is reserved."""

    def by_codes(missing: Any) -> Any:
        def told(catalogue: Any, shortages: Any) -> Any:
            found = missing(catalogue, shortages)
            for _, entry in found:
                for name in ("collection", "quality_level"):
                    entry[f"{name}_code"] = entry.pop(name, "base")
            return found

        return told

    replace(service, "_missing", by_codes)
