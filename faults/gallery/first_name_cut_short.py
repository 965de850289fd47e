"""A first name is cut off after 32 characters."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: a login by Telegram answers the user's first_name"


def patch() -> None:
    """Take over as much as a screen shows."""

    def short(read: Any) -> Any:
        def read_short(raw: str | None) -> Any:
            user = read(raw)
            return changed(user, first_name=user.first_name[:32])

        return read_short

    replace(telegram, "_user", short)
