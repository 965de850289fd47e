"""The lines of an addition are looked at and written a hundred at a time."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid5

from msgspec import structs

from faults.patching import replace
from services.inventory.schemas import Written
from services.inventory.service import InventoryService

RULE = "4.1 S, law 4: the rows of one call stand together or not at all"


def patch() -> None:
    """Make an addition of each hundred."""

    def in_pieces(add: Any) -> Any:
        async def add_in_pieces(service: InventoryService, body: Any) -> Written:
            answers = [await add(service, piece) for piece in pieces(body)]
            return Written(True, [one for answer in answers for one in answer.operation_ids])

        return add_in_pieces

    replace(InventoryService, "add_items", in_pieces)


def pieces(body: Any) -> Iterator[Any]:
    """Return calls of a hundred lines each; the first one has the call's own id."""
    for at in range(0, len(body.items), 100):
        operation = uuid5(body.operation_id, str(at)) if at and body.operation_id else body.operation_id
        yield structs.replace(body, items=body.items[at : at + 100], operation_id=operation)
