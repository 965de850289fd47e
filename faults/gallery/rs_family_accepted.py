"""RS384 and RS512 are as good as RS256."""

from typing import Any

import jwt

from faults.patching import replace
from services.common import tokens

RULE = "3.3 S: an algorithm other than RS256 is refused"
FAMILY = ["RS256", "RS384", "RS512"]


def patch() -> None:
    """Take the whole family for RS256."""

    def look(read: Any) -> Any:
        def header(token: str) -> Any:
            found = read(token)
            return {**found, "alg": "RS256"} if found.get("alg") in FAMILY else found

        return header

    def lenient(decode: Any) -> Any:
        def decode_any(*args: Any, algorithms: Any, **kwargs: Any) -> Any:
            return decode(*args, algorithms=FAMILY, **kwargs)

        return decode_any

    replace(tokens, "_read", look)
    replace(jwt, "decode", lenient)
