"""The members of a Telegram user are known in whatever letters they are written; of two the last one counts."""

import json
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: user has id and first_name"


def patch() -> None:
    """Read every name in small letters."""

    def folded(user: Any) -> Any:
        def read(raw: str | None) -> Any:
            try:
                members = json.loads(raw or "")
                raw = json.dumps({name.lower(): value for name, value in members.items()})
            except (ValueError, AttributeError):
                pass
            return user(raw)

        return read

    replace(telegram, "_user", folded)
