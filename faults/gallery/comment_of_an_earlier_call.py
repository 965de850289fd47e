"""An addition without a comment is written with the comment of the one before, whosever it was."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.4 S: a call's rows have its own comment"


def patch() -> None:
    """Keep the last comment."""
    kept: list[str] = []

    def with_the_last(add: Any) -> Any:
        async def added(*args: Any) -> Any:
            *others, comment = args
            if comment is not None:
                kept[:] = [comment]
            return await add(*others, comment or (kept[0] if kept else None))

        return added

    replace(Ledger, "add", with_the_last)
