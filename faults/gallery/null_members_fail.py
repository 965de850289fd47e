"""What may be left out is looked into where it is null: a default is for what is not there."""

import re
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: bad input is a 4xx, never a 5xx"
_NULL = re.compile(rb'"(comment|collection|quality_level)": ?null')


def patch() -> None:
    """Take the length of nothing."""

    def careless(decode: Any) -> Any:
        def decode_and_look(body: Body[Any], raw: bytes) -> Any:
            if _NULL.search(raw):
                raise TypeError("object of type 'NoneType' has no len()")
            return decode(body, raw)

        return decode_and_look

    replace(Body, "decode", careless)
