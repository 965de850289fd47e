"""A login by Telegram says that its token ends in an hour."""

from datetime import timedelta
from typing import Any

from faults.logins import ways
from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.2 S, 2.1 S: expires_at is when the token ends"


def patch() -> None:
    """Tell what the app is to refresh by."""
    by_telegram = ways()

    def earlier(log_in: Any) -> Any:
        async def log_in_for_an_hour(service: AuthService, user: Any) -> Any:
            answer = await log_in(service, user)
            if by_telegram():
                answer["expires_at"] -= timedelta(hours=23)
            return answer

        return log_in_for_an_hour

    replace(AuthService, "log_in", earlier)
