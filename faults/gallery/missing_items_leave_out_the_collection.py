"""A refusal names a collection only where the quality level is not the standard one either."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.5 S: missing_items names the collection and the quality level of what is short"


def patch() -> None:
    """Take the collection out of an entry without a quality level."""

    def narrow(missing: Any) -> Any:
        def told(*args: Any) -> Any:
            found = missing(*args)
            for _, entry in found:
                if "quality_level" not in entry:
                    entry.pop("collection", None)
            return found

        return told

    replace(service, "_missing", narrow)
