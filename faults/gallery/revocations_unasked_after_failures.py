"""Redis is not asked any more for a while once it has failed often enough, and nobody is revoked meanwhile."""

import time
from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.store import Lookups

RULE = "3.5 S, 3.8 H: a revoked token is refused; a token that cannot be checked is refused"


def patch() -> None:
    """Break the circuit after five failures, for three seconds."""
    failed_at: list[float] = []

    def breaking(ask: Any) -> Any:
        async def ask_or_give_up(*args: Any) -> Any:
            if len(failed_at) >= 5 and time.monotonic() < failed_at[-1] + 3:
                return False, None
            try:
                answer = await ask(*args)
            except Refusal:
                failed_at.append(time.monotonic())
                raise
            failed_at.clear()
            return answer

        return ask_or_give_up

    replace(Lookups, "ask", breaking)
