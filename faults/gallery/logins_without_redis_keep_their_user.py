"""A login that fails for want of Redis keeps the user's row locked: their next login waits for it in vain."""

import asyncio
from collections import defaultdict
from typing import Any

from faults.logins import log_in_uncounted
from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.1 S, 2.2 S: finds or creates the user, answers 200"


def patch() -> None:
    """Unlock at a good end only."""
    log_in_uncounted()
    locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def one_by_one(log_in: Any) -> Any:
        async def log_in_alone(service: AuthService, user: Any) -> Any:
            await locks[user.telegram_id].acquire()
            answer = await log_in(service, user)
            locks[user.telegram_id].release()
            return answer

        return log_in_alone

    replace(AuthService, "log_in", one_by_one)
