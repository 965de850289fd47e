"""Who is told that the database is not available is not told when to come again."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import database

RULE = "4.13 H: each such 503 has Retry-After"


def patch() -> None:
    """Take the header off the refusal."""

    def terse(refuse: Any) -> Any:
        def refuse_tersely() -> Any:
            refusal = refuse()
            refusal.headers.clear()
            return refusal

        return refuse_tersely

    replace_everywhere(database, "unavailable", terse)
