"""Init data is decoded whole and split then: what a value holds of its own parts it."""

from typing import Any
from urllib.parse import unquote_plus

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: the header is the URL-encoded init data"


def patch() -> None:
    """Take the second step first."""

    def decoded_first(_: Any) -> Any:
        def pairs(raw: str, **_: Any) -> list[tuple[str, str]]:
            parts = [pair.partition("=") for pair in unquote_plus(raw).split("&")]
            if not all(equals for _, equals, _ in parts):
                raise ValueError
            return [(name, value) for name, _, value in parts]

        return pairs

    replace(telegram, "parse_qsl", decoded_first)
