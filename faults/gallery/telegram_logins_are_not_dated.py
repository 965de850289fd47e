"""A login by Telegram of a user who is known leaves last_login_at as it was."""

from faults.logins import reword_by_telegram

RULE = "2.2 S, 2.1 S: last_login_at of auth.users is the last login, whichever way it came"


def patch() -> None:
    """Date the first one alone."""
    reword_by_telegram("last_login_at = now(), updated_at = now()", "updated_at = now()")
