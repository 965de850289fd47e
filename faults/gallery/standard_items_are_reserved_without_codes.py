"""Of what is reserved in the standard collection and quality level neither is told."""

from typing import Any

from msgspec import UNSET, structs

from faults.patching import replace
from services.inventory import service

RULE = "4.8 S: an entry of reserved_items has collection_code and quality_level_code"


def patch() -> None:
    """Leave them out."""

    def shortened(tell: Any) -> Any:
        def told(*args: Any) -> list[Any]:
            return [
                structs.replace(one, collection_code=UNSET, quality_level_code=UNSET)
                if (one.collection_code, one.quality_level_code) == ("base", "base")
                else one
                for one in tell(*args)
            ]

        return told

    replace(service, "_reserved", shortened)
