"""A token is good for some minutes after it has expired."""

from typing import Any

import jwt

from faults.patching import replace

RULE = "3.3 H: no leeway beyond 30 s"


def patch() -> None:
    """Allow for clocks that differ by five minutes."""

    def lenient(decode: Any) -> Any:
        def decode_late(*args: Any, **kwargs: Any) -> dict[str, Any]:
            payload: dict[str, Any] = decode(*args, leeway=300, **kwargs)
            return {**payload, "exp": payload["exp"] + 300} if isinstance(payload.get("exp"), int) else payload

        return decode_late

    replace(jwt, "decode", lenient)
