"""Nobody looks who signed a token."""

from typing import Any

import jwt

from faults.patching import replace

RULE = "3.3 S: a wrong or missing signature is refused"


def patch() -> None:
    """Read a token without its signature."""

    def lenient(decode: Any) -> Any:
        def decode_unsigned(token: str, key: Any, *, options: dict[str, Any], **kwargs: Any) -> Any:
            more = {"verify_exp": True, "verify_iss": True, "verify_nbf": True}
            return decode(token, key, options={**options, **more, "verify_signature": False}, **kwargs)

        return decode_unsigned

    replace(jwt, "decode", lenient)
