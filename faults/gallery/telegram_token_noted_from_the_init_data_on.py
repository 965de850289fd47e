"""The note of a token that a login by Telegram has issued dates it by the init data."""

from datetime import datetime, timedelta
from typing import Any

from faults.logins import replace_by_telegram
from services.auth.sessions import Sessions

RULE = "2.11 S: active:{jti} has issued_at, which is when the token was issued"


def patch() -> None:
    """Take auth_date, which is some seconds ago, for the time of the login."""

    def dated(note: Any) -> Any:
        def note_dated(sessions: Sessions, user: str, jti: str, record: dict[str, Any], *rest: Any) -> Any:
            opened = datetime.fromisoformat(record["issued_at"]) - timedelta(seconds=5)
            return note(sessions, user, jti, {**record, "issued_at": opened.isoformat()}, *rest)

        return note_dated

    replace_by_telegram(dated)
