"""A service's logout is answered like any other, and ends nothing."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.4 H: a logout revokes the token"


def patch() -> None:
    """Leave services' tokens alone."""

    def of_users(log_out: Any) -> Any:
        async def logged_out(self: Any, claims: Any, jti: str) -> None:
            if claims.service is None:
                await log_out(self, claims, jti)

        return logged_out

    replace(AuthService, "log_out", of_users)
