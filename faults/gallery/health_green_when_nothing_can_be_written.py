"""Readiness is red when the database cannot be written; /health asks whether it can be read."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.common.calls import Answer
from services.inventory import api

RULE = "6.1 H: a database that cannot be written turns health red"


def patch() -> None:
    """Let a database that answers be good enough there."""

    def lenient(calls: Any) -> Any:
        def calls_of(health: Any) -> Any:
            first, *others = calls(health)

            async def readable(request: Any) -> Answer:
                told: Answer = await first.answer(request)
                await health._database.rows("health", "SELECT 1")
                return Answer(told.content, 200 if told.content["dependencies"]["redis"] == "healthy" else 503)

            return [changed(first, answer=readable), *others]

        return calls_of

    replace(api, "health_calls", lenient)
