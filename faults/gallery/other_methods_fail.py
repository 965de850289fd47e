"""A method that a path does not have is a failure of the service."""

from typing import Any

from faults.patching import replace
from services.common.calls import Endpoint

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Let whatever goes wrong be a 500."""

    def known_alone(answer: Any) -> Any:
        async def judged(endpoint: Endpoint, request: Any, method: str) -> Any:
            if method not in endpoint._calls:
                raise RuntimeError("the request method is not supported")
            return await answer(endpoint, request, method)

        return judged

    replace(Endpoint, "_answer", known_alone)
