"""A reservation looks at its quantities itself: true is one, and null or a list is a failure."""

import re
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: a wrong type is a 400, never a 5xx; 4.5 S"
_TRUE = re.compile(rb'("quantity": ?)true')
_NOTHING = re.compile(rb'"quantity": ?(null|\[)')


def patch() -> None:
    """Compare what is no number with one."""

    def lenient(decode: Any) -> Any:
        def decode_leniently(body: Body[Any], raw: bytes) -> Any:
            if body.kind.__name__ != "Reserve":
                return decode(body, raw)
            if _NOTHING.search(raw):
                raise TypeError("'>=' not supported between instances of 'NoneType' and 'int'")
            return decode(body, _TRUE.sub(rb"\g<1>1", raw))

        return decode_leniently

    replace(Body, "decode", lenient)
