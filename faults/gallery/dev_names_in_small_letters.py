"""The development login keeps user names in small letters."""

from typing import Any

from faults.patching import replace
from services.auth import api

RULE = "2.1 S: the login answers the user's username"


def patch() -> None:
    """Lower the name that is logged in with."""

    def lowered(user: Any) -> Any:
        return lambda telegram_id, first_name, username, *rest: user(telegram_id, first_name, username.lower(), *rest)

    replace(api, "TelegramUser", lowered)
