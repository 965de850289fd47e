"""A player's token has no roles where it should have none of them."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.10 H: roles is a list, empty for a player"


def patch() -> None:
    """Leave an empty list out."""

    def terse(sign: Any) -> Any:
        def sign_tersely(service: AuthService, claims: dict[str, Any]) -> Any:
            return sign(service, {name: value for name, value in claims.items() if value != []})

        return sign_tersely

    replace(AuthService, "_sign", terse)
