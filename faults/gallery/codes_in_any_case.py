"""Codes of quality levels, collections, sections and types are known in capitals, too."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.1 S: an unknown section, operation type, collection or quality level is refused"


def patch() -> None:
    """Make them small before they are looked for."""

    def small(find: Any) -> Any:
        return lambda catalogue, item, code: find(catalogue, item, code and code.lower())

    replace(Catalogue, "quality_id", small)
    replace(Catalogue, "collection_id", small)
    replace(Catalogue, "code_id", small)
