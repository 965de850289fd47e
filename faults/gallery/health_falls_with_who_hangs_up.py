"""Whoever asks for health and hangs up ends the questions to the dependencies, which count as away then."""

import asyncio
import dataclasses
from typing import Any

from faults.patching import replace_everywhere
from services.inventory import api, metrics

RULE = "6.1 S, 6.2 S: dependency_health says whether a dependency answers"


def patch() -> None:
    """Watch the caller for as long as a question takes."""

    def watched(answer: Any) -> Any:
        async def ask(request: Any) -> Any:
            told = await answer(request)
            try:
                async with asyncio.timeout(0.05):
                    while (await request._receive())["type"] != "http.disconnect":
                        pass
                metrics.dependency_health.labels("postgres").set(0)
            except TimeoutError:
                pass
            return told

        return ask

    def calls(health_calls: Any) -> Any:
        return lambda health: [dataclasses.replace(call, answer=watched(call.answer)) for call in health_calls(health)]

    replace_everywhere(api, "health_calls", calls)
