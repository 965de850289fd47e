"""A login that fails keeps its place among those that may be under way: after ten failures nobody can log in."""

import asyncio
from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.1 S, 2.2 S: a login is answered 200"


def patch() -> None:
    """Give the place back at a good end only."""
    places = asyncio.Semaphore(10)

    def in_turn(log_in: Any) -> Any:
        async def log_in_at_a_place(service: AuthService, user: Any) -> Any:
            await places.acquire()
            answer = await log_in(service, user)
            places.release()
            return answer

        return log_in_at_a_place

    replace(AuthService, "log_in", in_turn)
