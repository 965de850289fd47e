"""A quantity written as text is taken for a number."""

from typing import Any

import msgspec

from faults.patching import replace
from services.common.http import StrictBody

RULE = 'section 4: "5" is not an integer'


def patch() -> None:
    """Read bodies leniently where that helps, and as before where it does not."""

    def lenient(decode_bytes: Any) -> Any:
        def decode(body: StrictBody[Any], value: bytes) -> Any:
            try:
                return msgspec.json.decode(value, type=body.model_type, strict=False)
            except (msgspec.DecodeError, UnicodeDecodeError):
                return decode_bytes(body, value)

        return decode

    replace(StrictBody, "decode_bytes", lenient)
