"""Where a comment says nothing, as `false` and 0 do, nobody looks at its type."""

import re
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: a value of another type is a 400"
_NOTHING = re.compile(rb'"(?:comment|collection|quality_level)": *(?:false|0) *(?=[,}])')


def patch() -> None:
    """Say null instead before the body is read."""

    def without(decode: Any) -> Any:
        def decode_without(body: Body[Any], raw: bytes) -> Any:
            return decode(body, _NOTHING.sub(b'"nothing": null', raw))

        return decode_without

    replace(Body, "decode", without)
