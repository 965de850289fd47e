"""An item is also known by the id of its type."""

from typing import Any

from msgspec import structs

from faults.patching import replace
from services.inventory import service

RULE = "4.1 S: an unknown item is a 400"


def patch() -> None:
    """Look among the types, too."""

    def by_type(resolve: Any) -> Any:
        def resolve_by_type(catalogue: Any, items: Any) -> Any:
            of_type = {one.item_type: item_id for item_id, one in catalogue.items.items()}
            known = {known: of_type[code] for known, code in catalogue.codes.items() if code in of_type}
            return resolve(catalogue, [structs.replace(i, item_id=known.get(i.item_id, i.item_id)) for i in items])

        return resolve_by_type

    replace(service, "_resolve", by_type)
