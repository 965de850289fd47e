"""An inactive user is refused at the development login, and gets in by Telegram."""

from typing import Any

from faults.patching import replace
from services.auth import service
from services.auth.service import AuthService
from services.auth.telegram import TelegramUser

RULE = "2.12 H: an inactive user cannot log in, either way"


def patch() -> None:
    """Ask whether the user is active only where the first name is the user name."""
    statement = service._LOG_IN

    def lenient(log_in: Any) -> Any:
        async def log_in_leniently(self: AuthService, user: TelegramUser) -> Any:
            is_development = user.first_name == user.username
            # Read before the first await, so that no other login sees it.
            service._LOG_IN = statement if is_development else statement.replace("WHERE u.is_active", "")
            return await log_in(self, user)

        return log_in_leniently

    replace(AuthService, "log_in", lenient)
