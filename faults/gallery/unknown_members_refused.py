"""A reservation with a member that nobody knows is refused."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.common.errors import invalid
from services.inventory import schemas

RULE = "4.1 S: unknown JSON fields are ignored"


def patch() -> None:
    """Know them all."""

    def strict(decode: Any) -> Any:
        def decode_strictly(body: Body[Any], raw: bytes) -> Any:
            decoded = decode(body, raw)
            if isinstance(decoded, schemas.Reserve) and {*json.loads(raw)} - {"user_id", "operation_id", "items"}:
                raise invalid("body", "has an unknown member")
            return decoded

        return decode_strictly

    replace(Body, "decode", strict)
