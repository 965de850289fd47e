"""Quality levels are looked up in the list that most items have, whichever list the item has."""

from dataclasses import dataclass
from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.1 S: a quality level that the item does not come in is refused"


@dataclass(frozen=True)
class _Item:
    quality_levels: Any


def patch() -> None:
    """Ask for another item's."""

    def common(find: Any) -> Any:
        def find_in_the_common_list(catalogue: Any, item: Any, code: str | None) -> Any:
            levels = next(levels for levels, codes in catalogue._by_id.items() if "wooden" in codes)
            return find(catalogue, _Item(levels), code)

        return find_in_the_common_list

    replace(Catalogue, "quality_id", common)
