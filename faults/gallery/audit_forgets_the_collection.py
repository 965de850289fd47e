"""The audit log tells of an item without its collection."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.10 H: changes name the variant"


def patch() -> None:
    """Leave it out."""

    def terse(words: Any) -> Any:
        def without_collection(item: Any) -> dict[str, Any]:
            return {name: value for name, value in words(item).items() if name != "collection"}

        return without_collection

    replace(service, "_words", terse)
