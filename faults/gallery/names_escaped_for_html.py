"""A user's first name is kept and told as HTML."""

import dataclasses
import html
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.2 S: the user is told by their names"


def patch() -> None:
    """Escape the name."""

    def escaped(log_in: Any) -> Any:
        async def logged_in(self: Any, user: Any) -> Any:
            return await log_in(self, dataclasses.replace(user, first_name=html.escape(user.first_name)))

        return logged_in

    replace(AuthService, "log_in", escaped)
