"""Who was seen to be an administrator is not looked up again for two seconds."""

import time
from typing import Any

from faults.patching import replace_everywhere
from services.common import tokens

RULE = "2.13 H: from that moment on"


def patch() -> None:
    """Remember it in this process."""
    until: dict[Any, float] = {}

    def remembered(ask: Any) -> Any:
        async def is_administrator(user: Any, database: Any) -> bool:
            if time.monotonic() < until.get(user, 0.0):
                return True
            found = bool(await ask(user, database))
            if found:
                until[user] = time.monotonic() + 2
            return found

        return is_administrator

    replace_everywhere(tokens, "is_administrator", remembered)
