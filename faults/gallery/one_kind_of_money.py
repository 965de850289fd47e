"""The collection and the quality level of currencies are not looked at."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.1 S: an unknown collection or quality level is refused"


def patch() -> None:
    """Take the standard variant."""

    def standard(find: Any) -> Any:
        def found(self: Any, known: Any, code: Any) -> Any:
            return find(self, known, None if known.item_class == "currencies" else code)

        return found

    replace(Catalogue, "collection_id", standard)
    replace(Catalogue, "quality_id", standard)
