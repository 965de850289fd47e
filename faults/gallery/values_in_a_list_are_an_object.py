"""A list of values, in the order in which the members of an object are described, is read as that object."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: a wrong type is a 400"
_ORDERS = {
    "AddItems": "user_id section operation_type operation_id items comment",
    "Reserve": "user_id operation_id items",
    "EndReservation": "user_id operation_id",
    "Adjust": "user_id section items reason",
}


def _named(values: Any, names: str) -> Any:
    is_whole = isinstance(values, list) and len(values) == len(names.split())
    return dict(zip(names.split(), values, strict=True)) if is_whole else values


def patch() -> None:
    """Give the values their names."""

    def positional(decode: Any) -> Any:
        def decode_positional(body: Body[Any], raw: bytes) -> Any:
            kind = body.kind.__name__
            try:
                found = _named(json.loads(raw), _ORDERS.get(kind, ""))
            except (ValueError, RecursionError):
                return decode(body, raw)
            if b"[" not in raw or not isinstance(found, dict):
                return decode(body, raw)
            line = f"item_id collection quality_level quantity{'_change' if kind == 'Adjust' else ''}"
            lines = found.get("items")
            if isinstance(lines, list):
                found["items"] = [_named(one, line) for one in lines]
            return decode(body, json.dumps(found).encode())

        return decode_positional

    replace(Body, "decode", positional)
