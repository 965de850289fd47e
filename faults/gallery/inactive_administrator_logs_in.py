"""A user who was made inactive is refused, unless they are an administrator."""

from faults.patching import reword
from services.auth import service

RULE = "2.12 H: an inactive user cannot log in"


def patch() -> None:
    """Let administrators in."""
    reword(service, "_LOG_IN", "WHERE u.is_active", "WHERE u.is_active OR u.role = 'admin'")
