"""A player whose calls wait takes every connection to the database."""

from typing import Any

from faults.patching import replace
from services.common.admission import Turnstiles

RULE = "6.5 H: one busy player does not hold up others"


def patch() -> None:
    """Let everybody through to the database."""

    def open_to_all(_: Any) -> Any:
        async def enter(*_: Any) -> None:
            return

        return enter

    replace(Turnstiles, "enter", open_to_all)
    replace(Turnstiles, "leave", lambda _: lambda *_: None)
