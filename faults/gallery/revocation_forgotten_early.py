"""That a token was revoked is forgotten after a minute, long before the token ends."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: a revocation lives as long as the token"


def patch() -> None:
    """Keep it for a minute."""
    reword(sessions, "_REPLACE", "ARGV[5], 'PX', left)", "ARGV[5], 'PX', 60000)")
