"""A call that was at work when its caller hung up counts as under way for ever: what lowers the gauge is skipped."""

import asyncio
import contextlib
from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "6.2 S: gauges come back down"


def patch() -> None:
    """Count such a call once more."""

    def careless(answer: Any) -> Any:
        async def answer_and_forget(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            async def send_and_look(message: Any) -> None:
                if message["type"] == "http.response.start" and scope["method"] == "POST":
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.001):
                            observed.in_flight += (await receive())["type"] == "http.disconnect"
                await send(message)

            await answer(observed, scope, receive, send_and_look)

        return answer_and_forget

    replace(Observed, "__call__", careless)
