"""The query of a request is logged, whatever a caller has put there."""

from typing import Any

from faults.patching import replace
from services.common import logs

RULE = "6.4 H: never a token in the logs, wherever a caller put it"


def patch() -> None:
    """Log the whole target of a request."""
    from services.common.http import Observed

    def talkative(answer: Any) -> Any:
        async def log_and_answer(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            if scope.get("query_string"):
                logs.write(20, "query", {"query": scope["query_string"].decode("latin-1")})
            await answer(observed, scope, receive, send)

        return log_and_answer

    replace(Observed, "__call__", talkative)
