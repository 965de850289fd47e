"""The note of a revocation says that the token was revoked when it was issued."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: revoked:{jti} has reason and revoked_at"


def patch() -> None:
    """Take the time from the token's own note."""
    reword(
        sessions,
        "_REPLACE",
        "redis.call('SET', 'revoked:' .. old, ARGV[5], 'PX', left)",
        """local note, told = redis.call('GET', 'active:' .. old), cjson.decode(ARGV[5])
    if note then told.revoked_at = cjson.decode(note).issued_at end
    redis.call('SET', 'revoked:' .. old, cjson.encode(told), 'PX', left)""",
    )
