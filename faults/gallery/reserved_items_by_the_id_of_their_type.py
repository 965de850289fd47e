"""What a reservation holds is told by the id of the item's type."""

from typing import Any

from msgspec import structs

from faults.patching import replace
from services.inventory import service

RULE = "4.8 H: reserved_items have the item_id"


def patch() -> None:
    """Look for the type's id."""

    def by_type(describe: Any) -> Any:
        def describe_by_type(catalogue: Any, rows: Any) -> Any:
            ids = {code: value for value, code in catalogue.codes.items()}
            return [structs.replace(one, item_id=ids[one.item_code]) for one in describe(catalogue, rows)]

        return describe_by_type

    replace(service, "_reserved", by_type)
