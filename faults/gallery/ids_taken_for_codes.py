"""The catalogue is asked in both directions by one map: the id of a code names it like the code itself."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.1 S: an unknown section, operation type, collection or quality level is a 400"


def patch() -> None:
    """Look among the ids, too."""

    def by_both(look: Any) -> Any:
        def look_by_both(catalogue: Catalogue, where: Any, code: Any) -> Any:
            for known, own in catalogue.codes.items():
                if str(known) == code:
                    code = own
            return look(catalogue, where, code)

        return look_by_both

    for name in ("code_id", "quality_id", "collection_id"):
        replace(Catalogue, name, by_both)
