"""The auth service itself does not ask whether a token was revoked."""

from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.4 H, 2.5 H, 3.5 S: a revoked token is refused"


def patch() -> None:
    """Ask nobody."""

    def trusting(_: Any) -> Any:
        async def never(_sessions: Sessions, _jti: str) -> bool:
            return False

        return never

    replace(Sessions, "is_revoked", trusting)
