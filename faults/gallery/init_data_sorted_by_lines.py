"""The data-check-string is sorted by its lines, as if no field's name began with another's."""

import hashlib
import hmac
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: the fields are sorted by key"


def patch() -> None:
    """Sort once each line is made."""

    def by_lines(_: Any) -> Any:
        def signature(fields: dict[str, str], bot_token: str) -> str:
            secret = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
            checked = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
            return hmac.new(secret, checked.encode(), hashlib.sha256).hexdigest()

        return signature

    replace(telegram, "signature", by_lines)
