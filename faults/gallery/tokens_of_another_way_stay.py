"""A login in the one way leaves the token of a login in the other way good."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService
from services.auth.sessions import Sessions

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Keep the tokens of each way by themselves."""
    ways: dict[str, str] = {}

    def noting(log_in: Any) -> Any:
        async def log_in_noting(service: AuthService, user: Any) -> Any:
            ways["last"] = "dev" if user.username == user.first_name else "telegram"
            return await log_in(service, user)

        return log_in_noting

    def apart(keep: Any) -> Any:
        async def keep_apart(sessions: Sessions, user: str, *rest: Any) -> None:
            await keep(sessions, user if ways["last"] == "dev" else f"{user}:telegram", *rest)

        return keep_apart

    replace(AuthService, "log_in", noting)
    replace(Sessions, "replace", apart)
