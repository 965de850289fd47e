"""The list of a user's tokens lives for as many milliseconds as the token has seconds."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Mistake the unit."""
    reword(sessions, "_REPLACE", "'PEXPIRE', KEYS[2], ARGV[4]", "'PEXPIRE', KEYS[2], math.floor(ARGV[4] / 1000)")
