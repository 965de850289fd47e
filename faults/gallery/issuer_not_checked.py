"""Any issuer will do, as long as the signature is right."""

from typing import Any

import jwt

from faults.patching import replace

RULE = "3.3 H: a token of another issuer is refused"


def patch() -> None:
    """Leave the issuer out of what a token is checked for."""

    def lenient(decode: Any) -> Any:
        def decode_any(*args: Any, issuer: str, **kwargs: Any) -> Any:
            return decode(*args, **kwargs)

        return decode_any

    replace(jwt, "decode", lenient)
