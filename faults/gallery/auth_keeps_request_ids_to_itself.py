"""Auth-service takes a request's id over, and does not send it back."""

from typing import Any

from faults.patching import replace
from services.common import logs
from services.common.http import Observed

RULE = "6.4 H: X-Request-ID is sent back"


def patch() -> None:
    """Take the header out of its answers."""

    def silent(answer: Any) -> Any:
        async def answer_without(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            async def send_less(message: Any) -> None:
                if "headers" in message and logs._lines._service == "auth-service":
                    message["headers"] = [one for one in message["headers"] if one[0] != b"x-request-id"]
                await send(message)

            await answer(observed, scope, receive, send_less)

        return answer_without

    replace(Observed, "__call__", silent)
