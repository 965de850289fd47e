"""Whoever reads an inventory is told that it may be kept for a while."""

from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "law 6: no cache serves an older balance"


def patch() -> None:
    """Say so in a header."""

    def lasting(answer: Any) -> Any:
        async def answer_for_a_while(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            async def send_lasting(message: Any) -> None:
                if message["type"] == "http.response.start" and scope["method"] == "GET":
                    message["headers"] = [*message["headers"], (b"cache-control", b"private, max-age=10")]
                await send(message)

            await answer(observed, scope, receive, send_lasting)

        return answer_for_a_while

    replace(Observed, "__call__", lasting)
