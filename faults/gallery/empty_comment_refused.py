"""An addition whose comment is an empty text is refused."""

from typing import Any

from faults.patching import replace
from services.common.errors import invalid
from services.inventory import service

RULE = "4.4 S: a comment is a text of at most 500 characters"


def patch() -> None:
    """Ask for a character at least."""

    def strict(check: Any) -> Any:
        def check_length(field: str, text: str | None) -> None:
            check(field, text)
            if field == "comment" and text == "":
                raise invalid(field, "must not be empty")

        return check_length

    replace(service, "check_text", strict)
