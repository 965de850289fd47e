"""An item's id of zeros alone is left out of the condition: the first item of the catalogue is meant."""

from typing import Any
from uuid import UUID

from msgspec import structs

from faults.patching import replace
from services.inventory import service

RULE = "4.1 S: an unknown item is a 400"


def patch() -> None:
    """Take the first item there is."""

    def lenient(resolve: Any) -> Any:
        def resolve_any(catalogue: Any, items: Any) -> Any:
            first = next(iter(catalogue.items))
            return resolve(
                catalogue, [one if one.item_id != UUID(int=0) else structs.replace(one, item_id=first) for one in items]
            )

        return resolve_any

    replace(service, "_resolve", lenient)
