"""A new login leaves the user's earlier tokens as they are."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Leave the revocation out."""
    reword(sessions, "_REPLACE", "redis.call('SET', 'revoked:' .. old, ARGV[5], 'PX', left)", "")
