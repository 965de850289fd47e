"""Of several tokens that a user has, a login revokes one."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Stop after the first."""
    reword(
        sessions,
        "_REPLACE",
        "redis.call('DEL', 'active:' .. old)\n",
        "redis.call('DEL', 'active:' .. old)\n    break\n",
    )
