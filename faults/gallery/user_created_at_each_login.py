"""Each login says that the user was created just now."""

from faults.patching import reword
from services.auth import service

RULE = "2.1 S: a login finds the user, created_at is when they were created"


def patch() -> None:
    """Overwrite when."""
    reword(service, "_LOG_IN", "last_login_at = now(), updated", "last_login_at = now(), created_at = now(), updated")
