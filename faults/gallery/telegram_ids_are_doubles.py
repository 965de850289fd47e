"""Telegram's numbers are read as floating-point numbers, of which one stands for several beyond 2^53."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.1 S, 2.2 S, 2.10 S: a login finds or creates the user of this telegram_id"


def patch() -> None:
    """Round them."""

    def rounded(log_in: Any) -> Any:
        async def log_in_nearby(service: AuthService, user: Any) -> Any:
            return await log_in(service, changed(user, telegram_id=int(float(user.telegram_id))))

        return log_in_nearby

    replace(AuthService, "log_in", rounded)
