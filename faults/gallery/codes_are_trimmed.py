"""Codes of quality levels, collections, sections and types are known with blanks around them, too."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.1 S: an unknown section, operation type, collection or quality level is refused"


def patch() -> None:
    """Take the blanks off before they are looked for."""

    def trimmed(find: Any) -> Any:
        return lambda catalogue, item, code: find(catalogue, item, code and code.strip())

    replace(Catalogue, "quality_id", trimmed)
    replace(Catalogue, "collection_id", trimmed)
    replace(Catalogue, "code_id", trimmed)
