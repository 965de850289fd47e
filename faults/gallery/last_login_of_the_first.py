"""The date of the last login is that of the first."""

from faults.patching import reword
from services.auth import service

RULE = "2.1 S: auth.users has last_login_at"


def patch() -> None:
    """Leave the date as it is."""
    reword(service, "_LOG_IN", "last_login_at = now(), updated_at", "updated_at")
