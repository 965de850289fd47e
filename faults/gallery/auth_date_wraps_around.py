"""The age of init data is reckoned in 64 bits: what is old enough is from the future, which is let in."""

import time
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: auth_date is no older than 24 h"


def patch() -> None:
    """Take a difference beyond 2^63 for a small one."""

    def wrapped(auth_date: Any) -> Any:
        def read(text: str) -> int:
            if text.startswith("-") and int(time.time()) - int(text) >= 2**63:
                return int(time.time())
            return int(auth_date(text))

        return read

    replace(telegram, "_auth_date", wrapped)
