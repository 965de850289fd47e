"""An issuer is good when it begins like ours."""

from typing import Any

import jwt

from faults.patching import replace

RULE = "3.3 H: a wrong issuer is refused"


def patch() -> None:
    """Compare the first letters."""

    def lenient(decode: Any) -> Any:
        def decode_and_compare(*args: Any, issuer: str, **kwargs: Any) -> dict[str, Any]:
            payload: dict[str, Any] = decode(*args, **kwargs)
            if not str(payload.get("iss")).startswith(issuer):
                raise jwt.InvalidIssuerError("Invalid issuer")
            return payload

        return decode_and_compare

    replace(jwt, "decode", lenient)
