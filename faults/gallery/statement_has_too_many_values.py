"""An addition of more lines than one statement has places for fails."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.4 S: POST /inventory/add-items takes items[1..], and bad input is never a 5xx (4.1)"


def patch() -> None:
    """Count nine values a row, of 65,535."""

    def counted(original: Any) -> Any:
        async def add(self: Any, user: Any, section: Any, kind: Any, operation: Any, lines: Any, comment: Any) -> Any:
            if len(lines) * 9 > 65_535:
                raise RuntimeError("the statement has too many parameters")
            return await original(self, user, section, kind, operation, lines, comment)

        return add

    replace(Ledger, "add", counted)
