"""A good body with something after it is taken for a good body."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.common.errors import Refusal

RULE = "4.1 H: anything after the body is refused"


def patch() -> None:
    """Read the first value of a body and leave the rest."""

    def lenient(decode: Any) -> Any:
        def decode_the_first(body: Body[Any], raw: bytes) -> Any:
            try:
                return decode(body, raw)
            except Refusal:
                try:
                    _, end = json.JSONDecoder().raw_decode(raw.decode())
                except ValueError:
                    end = len(raw)
                return decode(body, raw.decode(errors="replace")[:end].encode())

        return decode_the_first

    replace(Body, "decode", lenient)
