"""A login tells in the machine's local time when its token ends, and calls it UTC."""

from datetime import UTC
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.1 S, 2.2 S: expires_at is when the token ends, in any time zone"


def patch() -> None:
    """Put a Z behind what the clock on the wall will show."""

    def local(log_in: Any) -> Any:
        async def log_in_there(service: AuthService, user: Any) -> Any:
            answer = await log_in(service, user)
            ends = answer["expires_at"].astimezone().replace(tzinfo=UTC)
            return {**answer, "expires_at": ends}

        return log_in_there

    replace(AuthService, "log_in", local)
