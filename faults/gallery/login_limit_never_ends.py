"""An address that was over the limit of logins once stays there."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.9 S: login is limited to so many a minute"


def patch() -> None:
    """Count without an end."""
    reword(sessions, "_COUNT", "if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end", "")
    reword(sessions, "_COUNT", "redis.call('PTTL', KEYS[1])", "60000")
