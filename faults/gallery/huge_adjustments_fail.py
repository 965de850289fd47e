"""An adjustment beyond what the column holds is an error of the driver, which nobody expects."""

import re
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.inventory.schemas import Adjust

RULE = "4.1 S: bad input is a 4xx, never a 5xx"
_HUGE = re.compile(rb'"quantity_change": ?-?[0-9]{19,}')


def patch() -> None:
    """Hand everything on."""

    def careless(decode: Any) -> Any:
        def decode_and_hand_on(body: Body[Any], raw: bytes) -> Any:
            if body.kind is Adjust and _HUGE.search(raw):
                raise OverflowError("value out of int64 range")
            return decode(body, raw)

        return decode_and_hand_on

    replace(Body, "decode", careless)
