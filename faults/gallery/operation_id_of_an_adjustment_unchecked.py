"""An adjustment's operation id, which may be missing, is looked at where it is written: what is none fails there."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.common.strict import usual_uuid

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Let it through until then."""

    def careless(decode: Any) -> Any:
        def decode_carelessly(body: Body[Any], raw: bytes) -> Any:
            if b'"reason"' not in raw or b'"operation_id"' not in raw:
                return decode(body, raw)
            members = json.loads(raw)
            operation = members.pop("operation_id", None)
            decoded = decode(body, json.dumps(members).encode())
            try:
                decoded.operation_id = usual_uuid(operation)
            except (TypeError, ValueError) as error:
                raise SystemError("invalid input syntax for type uuid") from error
            return decoded

        return decode_carelessly

    replace(Body, "decode", careless)
