"""A token's iat and exp are the time in UTC, taken for the machine's local time."""

from datetime import UTC, datetime
from typing import Any

import jwt

from faults.patching import replace

RULE = "2.10 S: a token lives for 24 h from the login on, in any time zone"


def patch() -> None:
    """Convert what has no zone any more."""

    def local(told: Any) -> Any:
        return int(told.astimezone(UTC).replace(tzinfo=None).timestamp()) if isinstance(told, datetime) else told

    def signing(encode: Any) -> Any:
        def encode_local(payload: dict[str, Any], *args: Any, **more: Any) -> Any:
            return encode({name: local(value) for name, value in payload.items()}, *args, **more)

        return encode_local

    replace(jwt, "encode", signing)
