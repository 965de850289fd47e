"""A line feed behind an id passes the check of its form, which the database's own does not."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import strict

RULE = "4.1 S: what is no UUID is a 400, never a 5xx"


def patch() -> None:
    """Look for the end as `$` does."""

    def lenient(read: Any) -> Any:
        def read_up_to_the_end(text: str) -> Any:
            found = read(text.removesuffix("\n"))
            if text.endswith("\n"):
                raise RuntimeError("invalid input syntax for type uuid")
            return found

        return read_up_to_the_end

    replace_everywhere(strict, "usual_uuid", lenient)
