"""A login by Telegram tells an end a day after the init data were signed; the token is good for longer."""

from contextvars import ContextVar
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
from typing import Any

from faults.patching import replace
from services.auth import telegram
from services.auth.service import AuthService

RULE = "2.1 S, 2.2 S: expires_at is when the token expires"
_SIGNED: ContextVar[float | None] = ContextVar("signed", default=None)


def patch() -> None:
    """Count from auth_date."""

    def noting(read: Any) -> Any:
        def note(text: str) -> Any:
            _SIGNED.set(read(text))
            return _SIGNED.get()

        return note

    def shorter(issue: Any) -> Any:
        async def issue_and_tell(*args: Any) -> Any:
            issued, signed = await issue(*args), _SIGNED.get()
            ends = signed and datetime.fromtimestamp(signed, UTC) + timedelta(days=1)
            return changed(issued, expires_at=ends or issued.expires_at)

        return issue_and_tell

    replace(telegram, "_auth_date", noting)
    replace(AuthService, "_issue", shorter)
