"""Items of one variant in an addition become one row."""

from collections.abc import Sequence
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger, Line, Variant

RULE = "4.4 S: one ledger row an item"


def patch() -> None:
    """Merge the lines of an addition."""
    replace(Ledger, "add", merging)


def merging(write: Any) -> Any:
    """Return a write whose lines are merged, variant by variant."""

    async def write_merged(*args: Any) -> Any:
        return await write(*(merged(arg) if isinstance(arg, list) else arg for arg in args))

    return write_merged


def merged(lines: Sequence[Line]) -> list[Line]:
    """Return one line a variant, with the sum of its quantities."""
    totals: dict[Variant, int] = {}
    for line in lines:
        variant = (line.item_id, line.collection_id, line.quality_level_id)
        totals[variant] = totals.get(variant, 0) + line.quantity
    return [Line(*variant, quantity) for variant, quantity in totals.items()]
