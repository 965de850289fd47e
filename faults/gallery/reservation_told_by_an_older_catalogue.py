"""Reservations are told by the catalogue that an instance had read for the first of them: a newer code is empty."""

from typing import Any

from faults.patching import replace
from services.inventory import schemas, service

RULE = "4.8 S: reserved_items have item_code, collection_code and quality_level_code"


def patch() -> None:
    """Leave blank what is not known."""

    def blank(reserved: Any) -> Any:
        read: list[Any] = []

        def tell(catalogue: Any, rows: Any) -> Any:
            read.append(catalogue)
            try:
                return reserved(read[0], rows)
            except KeyError:
                entry = schemas.Reserved
                return [entry(row["item_id"], "", "base", "", row["quantity_change"]) for row in rows]

        return tell

    replace(service, "_reserved", blank)
