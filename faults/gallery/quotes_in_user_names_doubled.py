"""A user's name is made fit for a statement that is put together by hand, and is kept and told so."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.1 S: a login tells the user's name"


def patch() -> None:
    """Double the quotes of a statement that has none."""

    def doubling(log_in: Any) -> Any:
        async def log_in_doubled(service: AuthService, user: Any) -> Any:
            return await log_in(service, changed(user, username=user.username and user.username.replace("'", "''")))

        return log_in_doubled

    replace(AuthService, "log_in", doubling)
