"""On the internal listener an instance is never called ready, however good its health is."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.common.calls import Answer
from services.inventory import api

RULE = "6.1 S: /health/ready is 200 when PostgreSQL and Redis answer"
SHAPE = "split"


def patch() -> None:
    """Refuse whoever asks."""

    def never(call: Any) -> Any:
        def make(method: str, path: str, answer: Any, *rest: Any, **more: Any) -> Any:
            async def refuse(request: Any) -> Answer:
                told: Answer = await answer(request)
                return changed(told, status=503)

            return call(method, path, refuse if path == "/health/ready" else answer, *rest, **more)

        return make

    replace(api, "Call", never)
