"""The list of a user's tokens ends a day after the first of them, whatever came to it later."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Keep the end that there is."""
    reword(sessions, "_REPLACE", "\nredis.call('DEL'", "\nlocal ends = redis.call('PTTL', KEYS[2])\nredis.call('DEL'")
    reword(sessions, "_REPLACE", "'PEXPIRE', KEYS[2], ARGV[4]", "'PEXPIRE', KEYS[2], ends > 0 and ends or ARGV[4]")
