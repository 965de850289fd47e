"""The user in init data is read in another character set than it was written in: letters beyond ASCII are spoilt."""

from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: a login by Telegram answers the user's first_name and username"


def patch() -> None:
    """Take each byte for a letter."""

    def spoilt(read: Any) -> Any:
        return lambda raw: read(raw and raw.encode().decode("latin-1"))

    replace(telegram, "_user", spoilt)
