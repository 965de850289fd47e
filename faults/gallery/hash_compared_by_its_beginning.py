"""Init data is signed when its hash is the beginning of the right one."""

import hmac
from types import SimpleNamespace
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: hash equals the signature"


def patch() -> None:
    """Look at as much as there is."""

    def begins(right: Any, given: Any) -> bool:
        return bool(right.startswith(given))

    replace(telegram, "hmac", lambda _: SimpleNamespace(new=hmac.new, compare_digest=begins))
