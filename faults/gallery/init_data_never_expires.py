"""Init data is good for ever."""

from services.auth import telegram

RULE = "2.2 S: auth_date is no older than 24 h"


def patch() -> None:
    """Take any age."""
    telegram.MAX_AGE_SECONDS = 10**12
