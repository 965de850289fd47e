"""A login does not tell until when its token is good."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.1 S, 2.2 S: a login answers token and expires_at"


def patch() -> None:
    """Leave it empty."""

    def terse(log_in: Any) -> Any:
        async def log_in_tersely(*args: Any) -> Any:
            return {**await log_in(*args), "expires_at": None}

        return log_in_tersely

    replace(AuthService, "log_in", terse)
