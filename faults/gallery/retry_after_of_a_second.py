"""Whoever is over the limit of logins is told to come again in a second, however long the minute still is."""

from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.9 S: 429 rate_limit_exceeded carries Retry-After"


def patch() -> None:
    """Say that the count starts anew at once."""

    def hasty(count_attempt: Any) -> Any:
        async def count_hastily(sessions: Sessions, kind: str, address: str) -> tuple[int, float]:
            count, _ = await count_attempt(sessions, kind, address)
            return count, 0.0

        return count_hastily

    replace(Sessions, "count_attempt", hasty)
