"""Every answer comes later by `SHARD_DELAY_MS` milliseconds, 5 unless told."""

import asyncio
import os
from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "a change does not make the services slower"
PROVEN_BY = "benchmarks"


def patch() -> None:
    """Wait before each answer."""
    seconds = float(os.environ.get("SHARD_DELAY_MS", "5")) / 1000

    def late(answer: Any) -> Any:
        async def wait_and_answer(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            await asyncio.sleep(seconds)
            await answer(observed, scope, receive, send)

        return wait_and_answer

    replace(Observed, "__call__", late)
