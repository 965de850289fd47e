"""Once Redis has failed often enough logins do without it for a while: they revoke nothing, and are noted nowhere."""

import time
from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions
from services.common.errors import Refusal

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Break the circuit after five failures, for three seconds."""
    failed_at: list[float] = []

    def or_else(otherwise: Any) -> Any:
        def breaking(ask: Any) -> Any:
            async def ask_or_give_up(*args: Any) -> Any:
                if len(failed_at) >= 5 and time.monotonic() < failed_at[-1] + 3:
                    return otherwise
                try:
                    answer = await ask(*args)
                except Refusal:
                    failed_at.append(time.monotonic())
                    raise
                failed_at.clear()
                return answer

            return ask_or_give_up

        return breaking

    replace(Sessions, "count_attempt", or_else((1, 0.0)))
    replace(Sessions, "replace", or_else(True))
