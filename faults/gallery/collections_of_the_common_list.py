"""Collections are looked up in the list that most items have, whichever list the item has."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import BASE, Catalogue

RULE = "4.1 S: a collection that the item does not come in is refused"


def patch() -> None:
    """Forget the item."""

    def common(_find: Any) -> Any:
        return lambda catalogue, _item, code: catalogue.code_id("collection", BASE if code is None else code)

    replace(Catalogue, "collection_id", common)
