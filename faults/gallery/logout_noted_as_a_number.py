"""A logout is noted in Redis by a 1, which tells neither why nor when."""

from typing import Any

from faults.patching import replace
from services.auth import sessions

RULE = "2.11 S: revoked:{jti} has reason and revoked_at"


def patch() -> None:
    """Write of logins alone."""

    def terse(revocation: Any) -> Any:
        return lambda reason: "1" if reason == "user_logout" else revocation(reason)

    replace(sessions, "_revocation", terse)
