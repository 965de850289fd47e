"""Whoever has one service's secret can guess the others' as often as they like."""

from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.3 H: guessing a service's secret is limited like logins"


def patch() -> None:
    """Begin to count anew after a good secret."""

    def forgiving(_: Any) -> Any:
        async def forgive_all(sessions: Sessions, kind: str, address: str) -> None:
            await sessions._redis.delete(f"{kind}_attempts:{address}")

        return forgive_all

    replace(Sessions, "forgive_attempt", forgiving)
