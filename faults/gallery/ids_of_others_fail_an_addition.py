"""An addition under an operation id that another player has used fails."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Keep ids apart, whoever uses them, and look at no error."""
    used: dict[Any, Any] = {}

    def unique(original: Any) -> Any:
        async def add(self: Any, user: Any, section: Any, kind: Any, operation: Any, lines: Any, comment: Any) -> Any:
            if used.setdefault(operation, user) != user:
                raise RuntimeError("duplicate key value violates unique constraint")
            return await original(self, user, section, kind, operation, lines, comment)

        return add

    replace(Ledger, "add", unique)
