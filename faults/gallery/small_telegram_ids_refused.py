"""A user whose number at Telegram has less than six digits is taken for a mistake."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService
from services.common.errors import Refusal

RULE = "2.1 S: telegram_id is a whole number above zero"


def patch() -> None:
    """Refuse it."""

    def hasty(log_in: Any) -> Any:
        async def log_in_the_large(service: AuthService, user: Any) -> Any:
            if user.telegram_id < 100_000:
                raise Refusal(400, "validation_failed", "telegram_id is too small")
            return await log_in(service, user)

        return log_in_the_large

    replace(AuthService, "log_in", hasty)
