"""A reservation's items are told by their codes: of a tool and its blueprint only one is told."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.8 S: reserved_items tells what is reserved"


def patch() -> None:
    """Keep the last entry of each code."""

    def by_codes(tell: Any) -> Any:
        def told(*args: Any) -> list[Any]:
            return list(
                {(one.item_code, one.collection_code, one.quality_level_code): one for one in tell(*args)}.values()
            )

        return told

    replace(service, "_reserved", by_codes)
