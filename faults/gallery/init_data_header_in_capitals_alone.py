"""The header of init data is known by its usual letters alone: HTTP/2, which has small ones, takes it away."""

from typing import Any

from faults.patching import replace
from services.common.edge import Edge

RULE = "2.2 S: the header X-Telegram-Init-Data, and names of headers have no case"


def patch() -> None:
    """Pass over what is written otherwise."""

    def by_letters(take: Any) -> Any:
        def take_header(edge: Edge, name: bytes, value: bytes) -> None:
            if name != b"x-telegram-init-data":
                take(edge, name, value)

        return take_header

    replace(Edge, "on_header", by_letters)
