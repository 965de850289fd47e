"""A line counts by quantity where quantity_change is missing, and the other way round."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.inventory import schemas

RULE = "4.1 S: a missing field is a 400"
_NAMES: dict[type, tuple[str, str]] = {
    schemas.AddItems: ("quantity", "quantity_change"),
    schemas.Reserve: ("quantity", "quantity_change"),
    schemas.Adjust: ("quantity_change", "quantity"),
}


def patch() -> None:
    """Give the one its other name before the body is read."""

    def lenient(decode: Any) -> Any:
        def decode_renamed(body: Body[Any], raw: bytes) -> Any:
            return decode(body, _renamed(raw, *_NAMES[body.kind]) if body.kind in _NAMES else raw)

        return decode_renamed

    replace(Body, "decode", lenient)


def _renamed(raw: bytes, name: str, other: str) -> bytes:
    try:
        told = json.loads(raw)
        lines = [line for line in told["items"] if isinstance(line, dict) and name not in line and other in line]
    except (ValueError, TypeError, KeyError, RecursionError):
        return raw
    for line in lines:
        line[name] = line.pop(other)
    return json.dumps(told).encode() if lines else raw
