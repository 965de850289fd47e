"""Numbers in bodies are read as floating-point numbers, whose whole ones end at 2^53, and may be as large as any."""

import json
from typing import Annotated, Any

from msgspec import Meta

from faults.patching import replace
from services.common.calls import Body
from services.inventory import schemas

RULE = "4.4 S, 4.5 S, 4.9 S: what is written is what was asked for; quantities are of 64 bits"


def patch() -> None:
    """Round them."""
    # Read when the first decoder is made, which is later.
    schemas.ItemIn.__annotations__["quantity"] = Annotated[int, Meta(ge=1)]
    schemas.ChangeIn.__annotations__["quantity_change"] = int

    def rounding(decode: Any) -> Any:
        def decode_rounded(body: Body[Any], raw: bytes) -> Any:
            try:
                rounded = json.loads(raw, parse_int=lambda digits: int(float(digits)))
            except (ValueError, OverflowError, RecursionError):
                return decode(body, raw)
            return decode(body, json.dumps(rounded).encode() if isinstance(rounded, dict) else raw)

        return decode_rounded

    replace(Body, "decode", rounding)
