"""Every path that does not exist becomes a series of its own."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "6.2 S: endpoint is the route's pattern, never a raw path"


def patch() -> None:
    """Take a path for its pattern."""

    def talkative(answer: Any) -> Any:
        async def answer_unknown(scope: Any, receive: Any, send: Any) -> None:
            scope["path_template"] = scope["path"]
            await answer(scope, receive, send)

        return answer_unknown

    replace(calls, "_answer_unknown_path", talkative)
