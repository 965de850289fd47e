"""Tokens are good for ever."""

from typing import Any

import jwt

from faults.patching import replace
from services.common.tokens import LATEST

RULE = "3.3 S: an expired token is refused"


def patch() -> None:
    """Leave the expiry out of what a token is checked for."""

    def lenient(decode: Any) -> Any:
        def decode_any(*args: Any, options: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
            payload = decode(*args, options={**options, "verify_exp": False}, **kwargs)
            return {**payload, "exp": LATEST}

        return decode_any

    replace(jwt, "decode", lenient)
