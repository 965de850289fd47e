"""A quantity of true is taken for 1, and 2.0 for 2."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: a wrong type is a 400"


def patch() -> None:
    """Turn booleans and whole fractions into integers."""

    def whole(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: int(one) if name.startswith("quantity") and isinstance(one, bool | float) else whole(one)
                    for name, one in value.items()}  # fmt: skip
        return [whole(one) for one in value] if isinstance(value, list) else value

    def lenient(decode: Any) -> Any:
        def decode_leniently(body: Body[Any], raw: bytes) -> Any:
            try:
                found = json.dumps(whole(json.loads(raw))).encode()
            except (ValueError, OverflowError, RecursionError):
                found = raw
            return decode(body, found)

        return decode_leniently

    replace(Body, "decode", lenient)
