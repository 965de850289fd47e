"""Who names the standard quality level is told that there is none of that name."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import BASE, Catalogue

RULE = "4.1 S, 4.4 S: base is the code of the standard variant"


def patch() -> None:
    """Know the other codes only."""

    def narrow(find: Any) -> Any:
        def find_named(catalogue: Catalogue, item: Any, code: str | None) -> Any:
            return None if code == BASE else find(catalogue, item, code)

        return find_named

    replace(Catalogue, "quality_id", narrow)
