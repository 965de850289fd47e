"""A user of whom Redis has no tokens any more is called new at the next login."""

from contextvars import ContextVar
from typing import Any

from faults.patching import replace
from services.auth import sessions
from services.auth.service import AuthService

RULE = "2.1 S: a login finds or creates the user, and says which"
_HAD_TOKENS: ContextVar[bool] = ContextVar("had_tokens")


def patch() -> None:
    """Ask Redis who is known."""

    def noting(revoke_and_keep: Any) -> Any:
        async def note(store: sessions.Sessions, user: str, *token: Any) -> Any:
            _HAD_TOKENS.set(bool(await sessions._redis(store._redis.exists(f"user_tokens:{user}"))))
            return await revoke_and_keep(store, user, *token)

        return note

    def telling(log_in: Any) -> Any:
        async def log_in_and_tell(service: AuthService, user: Any) -> Any:
            answer = await log_in(service, user)
            return {**answer, "user": {**answer["user"], "is_new_user": not _HAD_TOKENS.get()}}

        return log_in_and_tell

    replace(sessions.Sessions, "replace", noting)
    replace(AuthService, "log_in", telling)
