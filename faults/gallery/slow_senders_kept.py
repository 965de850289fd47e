"""A connection may take as long as it likes to send its headers, or to say anything at all."""

from typing import Any

from faults.patching import replace
from services.common import edge

RULE = "6.5 H: 10 s to send headers (408), idle connections 75 s"


def patch() -> None:
    """Look at no connection's age."""

    def blind(_: Any) -> Any:
        async def sweep(_: Any) -> None:
            return

        return sweep

    replace(edge, "sweep", blind)
