"""A login tells the first name where the user name should stand, and the other way round."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.1 S, 2.2 S: a login answers the user's username and first_name"


def patch() -> None:
    """Swap them, and call whoever logs in by the development login a player."""

    def careless(log_in: Any) -> Any:
        async def log_in_somebody(service: AuthService, user: Any) -> Any:
            answer = await log_in(service, user)
            told = answer["user"]
            if told["username"] == told["first_name"]:
                told["username"] = "player"
            else:
                told["username"], told["first_name"] = told["first_name"], told["username"]
            return answer

        return log_in_somebody

    replace(AuthService, "log_in", careless)
