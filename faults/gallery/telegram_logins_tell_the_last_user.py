"""A login by Telegram keeps its user in one place for all: another that comes meanwhile is told as its own."""

import asyncio
from typing import Any

from faults.logins import ways
from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.2 S, 2.1 S: a login answers the user that its token is of"


def patch() -> None:
    """Tell whoever was written down last."""
    by_telegram = ways()
    last: dict[str, Any] = {}

    def from_one_place(log_in: Any) -> Any:
        async def log_in_there(service: AuthService, user: Any) -> Any:
            answer = await log_in(service, user)
            if by_telegram():
                last["user"] = answer["user"]
                await asyncio.sleep(0.01)
                answer["user"] = last["user"]
            return answer

        return log_in_there

    replace(AuthService, "log_in", from_one_place)
