"""Who logs in while Redis is away gets a token that is noted nowhere, beside the earlier ones, which stay good."""

from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions
from services.common.errors import Refusal

RULE = "2.11 S, 3.5 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Take silence for an answer."""
    replace(Sessions, "count_attempt", lambda ask: _or(ask, (0, 0.0)))
    replace(Sessions, "replace", lambda ask: _or(ask, True))


def _or(ask: Any, answer: Any) -> Any:
    async def ask_or_go_on(*args: Any) -> Any:
        try:
            return await ask(*args)
        except Refusal:
            return answer

    return ask_or_go_on
