"""A number is read up to its exponent or its fraction, as parseInt does."""

import re
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S, 4.4 S: one ledger row an item, of its quantity; bad input is a 400"
_NUMBER = re.compile(rb'("quantity": *-?\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[,}])')


def patch() -> None:
    """Cut before the body is read."""

    def cut(decode: Any) -> Any:
        def decode_cut(body: Body[Any], raw: bytes) -> Any:
            return decode(body, _NUMBER.sub(rb"\1", raw))

        return decode_cut

    replace(Body, "decode", cut)
