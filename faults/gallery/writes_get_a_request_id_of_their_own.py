"""A write is given a new request id, whichever it came with."""

from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "6.4 H: X-Request-ID is taken over and sent back"


def patch() -> None:
    """Overlook what a POST brings along."""

    def forgetful(answer: Any) -> Any:
        async def answer_anew(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            if scope.get("method") == "POST":
                scope["headers"] = [one for one in scope["headers"] if one[0] != b"x-request-id"]
            await answer(observed, scope, receive, send)

        return answer_anew

    replace(Observed, "__call__", forgetful)
