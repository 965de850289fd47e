"""A logout by a token that has no jti is answered as done, and revokes nothing."""

from typing import Any

from faults.patching import replace
from services.auth import api
from services.auth.service import AuthService

RULE = "2.4 H, 3.4 S: a token without a jti is refused, by a logout too"


def patch() -> None:
    """Ask for no name."""

    def nameless(log_out: Any) -> Any:
        async def log_out_by_name(service: AuthService, claims: Any, jti: str) -> None:
            if jti:
                await log_out(service, claims, jti)

        return log_out_by_name

    replace(api, "required_jti", lambda _: lambda claims: claims.jti or "")
    replace(AuthService, "log_out", nameless)
