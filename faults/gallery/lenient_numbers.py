"""A quantity written as text is taken for a number."""

from typing import Any

import msgspec

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: a number as a string is a 400"


def patch() -> None:
    """Read bodies leniently where that helps, and as before where it does not."""

    def lenient(decode: Any) -> Any:
        def decode_leniently(body: Body[Any], raw: bytes) -> Any:
            try:
                return msgspec.json.decode(raw, type=body.kind, strict=False)
            except (msgspec.DecodeError, UnicodeDecodeError):
                return decode(body, raw)

        return decode_leniently

    replace(Body, "decode", lenient)
