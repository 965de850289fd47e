"""A login of a user who is known already tells no user name."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.2 S: a login answers the user's username and first_name"


def patch() -> None:
    """Tell it to new ones."""

    def terse(log_in: Any) -> Any:
        async def log_in_tersely(*args: Any) -> Any:
            answer = await log_in(*args)
            if not answer["user"]["is_new_user"]:
                answer["user"]["username"] = None
            return answer

        return log_in_tersely

    replace(AuthService, "log_in", terse)
