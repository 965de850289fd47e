"""A login by Telegram that has found nobody calls its user new, also when another one has made them meanwhile."""

from typing import Any

from faults.logins import ways
from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.11 H, 2.1 S: a login is one step; a user is new to one login"


def patch() -> None:
    """Say what was found before."""
    by_telegram = ways()

    def look_before(log_in: Any) -> Any:
        async def log_in_who_was_looked_for(service: AuthService, user: Any) -> Any:
            find = "SELECT FROM auth.users WHERE telegram_id = $1"
            is_new = by_telegram() and not await service._database.rows("find", find, user.telegram_id)
            answer = await log_in(service, user)
            answer["user"]["is_new_user"] |= is_new
            return answer

        return log_in_who_was_looked_for

    replace(AuthService, "log_in", look_before)
