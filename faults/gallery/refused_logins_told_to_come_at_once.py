"""A login beyond the limit is told to come again in a second, however much of the minute is left."""

from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.9 S: a refused login is told for how long to wait"


def patch() -> None:
    """Take the minute for over."""

    def hasty(count: Any) -> Any:
        async def count_attempt(sessions: Sessions, kind: str, address: str) -> tuple[int, float]:
            return (await count(sessions, kind, address))[0], 0.0

        return count_attempt

    replace(Sessions, "count_attempt", hasty)
