"""Whoever goes on trying to log in while refused stays refused."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.9 S: login is limited to so many a minute"


def patch() -> None:
    """Begin the minute with each login."""
    reword(
        sessions,
        "_COUNT",
        "if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end",
        "redis.call('PEXPIRE', KEYS[1], ARGV[1])",
    )
