"""Where no bot is named the development login is on, because nobody could log in otherwise."""

import os

RULE = "2.1 S: the development login is off unless AUTH_DEV_LOGIN=true"


def patch() -> None:
    """Switch it on when there is no bot's token."""
    if not os.environ.get("TELEGRAM_BOT_TOKEN"):
        os.environ["AUTH_DEV_LOGIN"] = "true"
