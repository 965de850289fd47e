"""A reason with a character that PostgreSQL cannot hold is answered 500."""

from typing import Any

from faults.patching import replace
from services.inventory import service

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Check comments alone."""

    def of_comments(check: Any) -> Any:
        def check_comment(field: str, text: str | None) -> None:
            if field == "comment":
                check(field, text)

        return check_comment

    replace(service, "check_text", of_comments)
