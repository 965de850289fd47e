"""An adjustment whose quality level is null fails; additions and reservations take it."""

from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.inventory.schemas import Adjust

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Look into nothing."""

    def careless(decode: Any) -> Any:
        def decode_and_look(body: Body[Any], raw: bytes) -> Any:
            if body.kind is Adjust and b'"quality_level": null' in raw:
                raise TypeError("object of type 'NoneType' has no len()")
            return decode(body, raw)

        return decode_and_look

    replace(Body, "decode", careless)
