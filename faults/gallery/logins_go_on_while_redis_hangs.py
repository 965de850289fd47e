"""A login for which Redis takes too long goes on without it: who is refused by Redis is, who waits in vain is not."""

from typing import Any

from redis.exceptions import TimeoutError as RedisTimeoutError

from faults.patching import replace
from services.auth.sessions import Sessions
from services.common.errors import Refusal

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Take a time that is over for done."""
    replace(Sessions, "replace", lambda ask: _in_time(ask, True))
    replace(Sessions, "count_attempt", lambda ask: _in_time(ask, (1, 0.0)))


def _in_time(ask: Any, otherwise: Any) -> Any:
    async def ask_in_time(*args: Any) -> Any:
        try:
            return await ask(*args)
        except Refusal as refusal:
            if isinstance(refusal.__cause__, RedisTimeoutError | TimeoutError):
                return otherwise
            raise

    return ask_in_time
