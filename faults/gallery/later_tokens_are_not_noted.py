"""A user's first token is noted as active; those of later logins are in the list of the user's tokens alone."""

from faults.patching import reword
from services.auth import sessions

RULE = "2.11 S: active:{jti} has user_id, telegram_id, issued_at, expires_at"


def patch() -> None:
    """Note a token where none was revoked."""
    reword(sessions, "_REPLACE", "\nredis.call('DEL', KEYS[2])", "\nlocal known = redis.call('DEL', KEYS[2])")
    reword(
        sessions,
        "_REPLACE",
        "\nredis.call('SET', 'active:'",
        "\nif known == 1 then return 1 end\nredis.call('SET', 'active:'",
    )
