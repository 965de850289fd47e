"""A request whose caller hung up before its end is counted as under way for ever."""

from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "6.2 S: gauges come back down"


def patch() -> None:
    """Count such a request once more."""

    def forgetful(answer: Any) -> Any:
        async def answer_and_forget(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            async def receive_and_look() -> Any:
                message = await receive()
                observed.in_flight += message["type"] == "http.disconnect"
                return message

            await answer(observed, scope, receive_and_look, send)

        return answer_and_forget

    replace(Observed, "__call__", forgetful)
