"""What a new login revokes is kept for as long as the new token lives."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: revoked:{jti} lives as long as the token"


def patch() -> None:
    """Take the new token's time."""
    reword(sessions, "_REPLACE", "ARGV[5], 'PX', left)", "ARGV[5], 'PX', ARGV[4])")
