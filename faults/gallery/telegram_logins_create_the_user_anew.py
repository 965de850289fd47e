"""A login by Telegram dates the creation of its user, also of one who is known."""

from faults.logins import reword_by_telegram

RULE = "2.2 S, 2.1 S: a user was created when they first logged in"


def patch() -> None:
    """Write the whole row again."""
    reword_by_telegram("last_login_at = now(), updated_at = now()", "created_at = now(), last_login_at = now()")
