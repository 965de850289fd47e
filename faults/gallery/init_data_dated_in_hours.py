"""The age of init data is counted in whole hours, so that it is good for almost 25."""

from services.auth import telegram

RULE = "2.2 S: auth_date is no older than 24 h"


def patch() -> None:
    """Take an age of 24 hours and some minutes for 24 hours."""
    telegram.MAX_AGE_SECONDS += 3599
