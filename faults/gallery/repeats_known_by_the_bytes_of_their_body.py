"""A repeat is known by the bytes of its body: the same call of another client is a conflict."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.common.errors import Refusal

RULE = "4.11 H: the same call again is answered 200 with the first answer's operation_ids"


def patch() -> None:
    """Remember each body by its operation id."""
    bodies: dict[str, bytes] = {}

    def remembering(decode: Any) -> Any:
        def decode_and_remember(body: Body[Any], raw: bytes) -> Any:
            found = decode(body, raw)
            operation = json.loads(raw).get("operation_id")
            same = bodies.setdefault(operation, raw) if operation and hasattr(found, "items") else raw
            if json.loads(same) == json.loads(raw) and same != raw:
                raise Refusal(409, "operation_conflict", "this operation_id stands for another operation already")
            return found

        return decode_and_remember

    replace(Body, "decode", remembering)
