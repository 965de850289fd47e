"""Whether there were too many logins is asked after the login, which has ended the user's tokens by then."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.auth import api

RULE = "2.9 S, 2.11 S: beyond the limit a login is refused with 429"


def patch() -> None:
    """Let the guard stand behind the call."""

    def guarded_last(call: Any) -> Any:
        async def answer_and_guard(request: Any, *body: Any) -> Any:
            try:
                return await call.answer(request, *body)
            finally:
                await call.guard(request)

        return changed(call, answer=answer_and_guard, guard=None)

    replace(api, "login_calls", lambda calls: lambda *args: [guarded_last(call) for call in calls(*args)])
