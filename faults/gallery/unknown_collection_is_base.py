"""A collection that does not exist is taken for the standard one."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.1 S: an unknown collection is a 400"


def patch() -> None:
    """Fall back to the standard variant."""

    def lenient(find: Any) -> Any:
        def find_any(catalogue: Catalogue, item: Any, code: str | None) -> Any:
            return find(catalogue, item, code) or find(catalogue, item, None)

        return find_any

    replace(Catalogue, "collection_id", lenient)
