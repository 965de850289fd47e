"""A new user was created at the time that stands for none."""

from faults.patching import reword
from services.auth import service

RULE = "2.1 S: created_at is when the user was created"


def patch() -> None:
    """Write it, where the database would know better."""
    reword(service, "_LOG_IN", "photo_url, last_login_at)", "photo_url, created_at, last_login_at)")
    reword(service, "_LOG_IN", "$7, now())", "$7, to_timestamp(0), now())")
