"""A login takes the user's list of tokens away before it notes anything: one that fails then leaves no list behind."""

from typing import Any

from faults.logins import log_in_uncounted
from faults.patching import replace
from services.auth.sessions import Sessions
from services.common.errors import Refusal

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Let what Redis refuses cost the list."""
    log_in_uncounted()

    def in_steps(note: Any) -> Any:
        async def note_in_steps(of: Sessions, user: str, *rest: Any) -> Any:
            try:
                return await note(of, user, *rest)
            except Refusal:
                await of._redis.delete(f"user_tokens:{user}")
                raise

        return note_in_steps

    replace(Sessions, "replace", in_steps)
