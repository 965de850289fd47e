"""The lines of an adjustment are looked at and written a hundred at a time."""

from typing import Any

from faults.gallery.additions_in_pieces import pieces
from faults.patching import replace
from services.inventory.schemas import Adjusted
from services.inventory.service import InventoryService

RULE = "4.1 S, law 4: the rows of one call stand together or not at all"


def patch() -> None:
    """Make an adjustment of each hundred."""

    def in_pieces(adjust: Any) -> Any:
        async def adjust_in_pieces(service: InventoryService, admin: Any, body: Any, request: Any) -> Adjusted:
            answers = [await adjust(service, admin, piece, request) for piece in pieces(body)]
            ids = [one for answer in answers for one in answer.operation_ids]
            final = {
                (one.item_id, one.collection, one.quality_level): one
                for answer in answers
                for one in answer.final_balances
            }
            return Adjusted(True, ids, list(final.values()))

        return adjust_in_pieces

    replace(InventoryService, "adjust", in_pieces)
