"""Requests that fail for the service's own reasons are counted as under way for ever."""

from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "6.2 S: gauges come back down"


def patch() -> None:
    """Count such a request once more."""

    def forgetful(answer: Any) -> Any:
        async def answer_and_forget(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            async def look_and_send(message: Any) -> None:
                if message.get("status", 200) >= 500:
                    observed.in_flight += 1
                await send(message)

            await answer(observed, scope, receive, look_and_send)

        return answer_and_forget

    replace(Observed, "__call__", forgetful)
