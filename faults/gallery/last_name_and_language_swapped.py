"""A user's last name is kept as their language, and the other way round."""

from faults.patching import reword
from services.auth import service

RULE = "2.2 S: a login keeps the user as Telegram describes them"


def patch() -> None:
    """Name the columns in another order than the values."""
    reword(
        service,
        "_LOG_IN",
        "first_name, last_name, language_code, is_premium, photo_url, last_login_at",
        "first_name, language_code, last_name, is_premium, photo_url, last_login_at",
    )
