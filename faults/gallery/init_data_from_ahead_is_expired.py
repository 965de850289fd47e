"""Init data that is dated some seconds ahead of the service's clock is refused."""

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: auth_date is no older than 24 h"


def patch() -> None:
    """Take no date that is yet to come."""
    replace(telegram, "MAX_AHEAD_SECONDS", lambda _: 0)
