"""A collection or a quality level of no letters is the standard one."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.1 S: an unknown collection or quality level is a 400"


def patch() -> None:
    """Take the default for what is empty."""

    def lenient(find: Any) -> Any:
        return lambda catalogue, item, code: find(catalogue, item, code or None)

    replace(Catalogue, "quality_id", lenient)
    replace(Catalogue, "collection_id", lenient)
