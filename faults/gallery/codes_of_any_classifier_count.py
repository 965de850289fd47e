"""A code is looked up without its classifier: a quality level is taken for a collection."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.1 S: an unknown collection is a 400"


def patch() -> None:
    """Find a code wherever it stands."""

    def lenient(find: Any) -> Any:
        def find_any(catalogue: Catalogue, item: Any, code: str | None) -> Any:
            found = find(catalogue, item, code)
            known = (codes[code] for codes in catalogue._by_id.values() if code in codes)
            return found or (next(known, None) and find(catalogue, item, None))

        return find_any

    replace(Catalogue, "collection_id", lenient)
