"""An adjustment whose reason has a line break, a tab or a joined emoji in it is refused."""

from typing import Any

from faults.patching import replace
from services.common.errors import invalid
from services.inventory import service

RULE = "4.9 S: a reason is a text of 10 to 500 characters"


def patch() -> None:
    """Ask for what can be printed."""

    def strict(check: Any) -> Any:
        def check_printable(field: str, text: str | None) -> None:
            check(field, text)
            if field == "reason" and text is not None and not text.isprintable():
                raise invalid(field, "must be text that can be printed")

        return check_printable

    replace(service, "check_text", strict)
