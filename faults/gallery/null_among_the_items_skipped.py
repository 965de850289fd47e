"""Null in a list of items is passed over."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: a wrong type is a 400, and nothing is written"


def patch() -> None:
    """Leave it out before the body is read."""

    def lenient(decode: Any) -> Any:
        def decode_what_is_there(body: Body[Any], raw: bytes) -> Any:
            return decode(body, _without_null(raw))

        return decode_what_is_there

    replace(Body, "decode", lenient)


def _without_null(raw: bytes) -> bytes:
    try:
        told = json.loads(raw)
        lines = [line for line in told["items"] if line is not None]
        is_shorter = len(lines) < len(told["items"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return raw
    return json.dumps({**told, "items": lines}).encode() if is_shorter else raw
