"""A token whose end is 0 has none, as where an empty number stands for a missing one."""

from typing import Any

import jwt

from faults.patching import replace

RULE = "3.3 S: an expired token is refused"


def patch() -> None:
    """Look at no time where it is 0."""

    def lenient(decode: Any) -> Any:
        def read(token: str, key: Any, *, options: dict[str, Any], **rest: Any) -> Any:
            told = decode(token, options={"verify_signature": False})
            return decode(token, key, options={**options, "verify_exp": told.get("exp") != 0}, **rest)

        return read

    replace(jwt, "decode", lenient)
