"""What faults of one way to log in have in common: whoever wrote the other way made no such mistake."""

from collections.abc import Callable
from typing import Any

from faults.patching import remember_requests, replace
from services.auth.api import AuthGate
from services.auth.sessions import Sessions
from services.common.database import Database

Replace = Callable[..., Any]


def ways() -> Callable[[], bool]:
    """Return what says whether the login that is under way came by Telegram."""
    current = remember_requests(AuthGate, "login")
    return lambda: bool(current.get()._scope["path"] == "/auth")


def reword_by_telegram(text: str, becomes: str) -> None:
    """Change the statement with which a login by Telegram finds or creates its user."""
    by_telegram = ways()

    def reworded(write: Any) -> Any:
        def write_reworded(database: Database, operation: str, sql: str, *args: Any) -> Any:
            if operation == "log_in" and by_telegram():
                if text not in sql:
                    raise AttributeError(f"the statement has no text {text!r}")
                sql = sql.replace(text, becomes)
            return write(database, operation, sql, *args)

        return write_reworded

    replace(Database, "write", reworded)


def replace_by_telegram(make: Callable[[Replace], Replace]) -> None:
    """Let a login by Telegram note its token with ``make(original)`` in the place of `Sessions.replace`."""
    by_telegram = ways()

    def either(usual: Replace) -> Replace:
        other = make(usual)

        def note(*args: Any) -> Any:
            return other(*args) if by_telegram() else usual(*args)

        return note

    replace(Sessions, "replace", either)
