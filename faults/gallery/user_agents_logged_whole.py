"""The line of a request tells what the caller calls itself, however long that is."""

from contextvars import ContextVar
from typing import Any

from faults.patching import replace
from services.common import logs
from services.common.http import Observed

RULE = "6.4 H: a line has an upper length"
_AGENT: ContextVar[str] = ContextVar("agent", default="")


def patch() -> None:
    """Write User-Agent into each line."""

    def noting(answer: Any) -> Any:
        async def note_and_answer(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            _AGENT.set(dict(scope.get("headers", ())).get(b"user-agent", b"").decode("latin-1"))
            await answer(observed, scope, receive, send)

        return note_and_answer

    replace(Observed, "__call__", noting)
    replace(logs, "compose", lambda compose: lambda *args: {**compose(*args), "user_agent": _AGENT.get()})
    replace(logs, "MAX_LINE", lambda _: 10**9)
