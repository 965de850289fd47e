"""The auth service writes init data into its log."""

import logging
from typing import Any

from faults.patching import replace_everywhere
from services.auth import telegram

RULE = "6.4 H: never a token, secret or password in the logs"


def patch() -> None:
    """Log what a login brought."""

    def talkative(read: Any) -> Any:
        def log_and_read(raw: str | None, bot_token: str) -> Any:
            logging.getLogger("login").info("reading %s", raw)
            return read(raw, bot_token)

        return log_and_read

    replace_everywhere(telegram, "read_init_data", talkative)
