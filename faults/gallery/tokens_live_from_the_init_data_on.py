"""The day of a token begins when Telegram signed the init data, not with the login."""

import time
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

from faults.patching import replace
from services.auth import service, telegram

RULE = "2.10 S: a token is good for 24 h from when it was issued"
_SIGNED: ContextVar[float] = ContextVar("signed")


def patch() -> None:
    """Take auth_date for now."""

    def noting(read: Any) -> Any:
        def note(text: str) -> Any:
            _SIGNED.set(read(text))
            return _SIGNED.get()

        return note

    def dated(datetime: Any) -> Any:
        return SimpleNamespace(now=lambda zone: datetime.fromtimestamp(_SIGNED.get(time.time()), zone))

    replace(telegram, "_auth_date", noting)
    replace(service, "datetime", dated)
