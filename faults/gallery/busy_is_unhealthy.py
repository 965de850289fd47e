"""A service that has enough to do is called unhealthy, and is taken out when it is needed most."""

from typing import Any

from faults.patching import replace
from services.common.calls import Endpoint

RULE = "6.1 H: a full load does not turn health red"


def patch() -> None:
    """Let probes in like any call."""

    def like_any(answer: Any) -> Any:
        async def answer_in_turn(endpoint: Endpoint, request: Any, method: str) -> Any:
            call = endpoint._calls.get(method)
            if call is None or call.guard is not None or call.takes is not None:
                return await answer(endpoint, request, method)
            await endpoint._admission.calls.enter()
            try:
                return await answer(endpoint, request, method)
            finally:
                endpoint._admission.calls.leave()

        return answer_in_turn

    replace(Endpoint, "_answer", like_any)
