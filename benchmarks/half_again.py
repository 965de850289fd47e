"""Every answer comes later by as many microseconds as the request's header `X-Answer-Later-Us` says."""

import time
from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "a change does not make the services slower"
PROVEN_BY = "benchmarks"
HEADER = b"x-answer-later-us"


def patch() -> None:
    """Work in vain before each answer: the event loop's own timers know whole milliseconds only."""

    def late(answer: Any) -> Any:
        async def work_and_answer(self: Any, scope: Any, receive: Any, send: Any) -> None:
            wanted = next((float(v) for k, v in scope.get("headers", ()) if k == HEADER), 0.0)
            end = time.perf_counter() + wanted / 1_000_000
            while time.perf_counter() < end:
                pass
            await answer(self, scope, receive, send)

        return work_and_answer

    replace(Observed, "__call__", late)
