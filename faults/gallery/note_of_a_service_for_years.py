"""The note of a service's token lives a thousand times as long as the token."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: active:{jti} lives as long as the token"


def patch() -> None:
    """Take milliseconds for seconds."""
    reword(sessions, "_KEEP", "'PX'", "'EX'")
