"""An adjustment is made in a quality level or a collection in which only other items come."""

from typing import Any

from faults.patching import replace
from services.inventory import service
from services.inventory.schemas import ChangeIn

RULE = "4.1 S, 4.9 S: a collection or quality level that the item does not come in is refused"


def patch() -> None:
    """Let any item have it."""

    def lenient(line: Any) -> Any:
        def line_of_any(catalogue: Any, known: Any, item: Any, position: int) -> Any:
            def comes_so(other: Any) -> bool:
                return None not in (
                    catalogue.collection_id(other, item.collection),
                    catalogue.quality_id(other, item.quality_level),
                )

            if isinstance(item, ChangeIn):
                known = next((one for one in (known, *catalogue.items.values()) if comes_so(one)), known)
            return line(catalogue, known, item, position)

        return line_of_any

    replace(service, "_line", lenient)
