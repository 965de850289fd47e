"""A new login leaves an earlier token as it is when Redis has lost the note that it is active."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Revoke only what is noted."""
    reword(sessions, "_REPLACE", "    redis.call('SET', 'revoked:' .. old, ARGV[5], 'PX', left)\n",
           "    if redis.call('EXISTS', 'active:' .. old) == 1 then\n"
           "        redis.call('SET', 'revoked:' .. old, ARGV[5], 'PX', left)\n    end\n")  # fmt: skip
