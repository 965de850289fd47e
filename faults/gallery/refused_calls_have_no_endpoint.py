"""What is refused is counted under no route."""

from typing import Any

from faults.patching import replace
from services.common.calls import Endpoint

RULE = "6.2 S: requests are counted by their route's pattern"


def patch() -> None:
    """Forget the route with the refusal."""

    def only_good_calls(answer: Any) -> Any:
        async def answer_and_forget(endpoint: Endpoint, scope: Any, receive: Any, send: Any) -> None:
            async def forgetful(message: Any) -> None:
                if message.get("status", 0) >= 400:
                    del scope["path_template"]
                await send(message)

            await answer(endpoint, scope, receive, forgetful)

        return answer_and_forget

    replace(Endpoint, "__call__", only_good_calls)
