"""An adjustment whose body is no JSON is answered 500."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.inventory import schemas

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Look at the body once more, before it is judged."""

    def careless(decode: Any) -> Any:
        def look_and_decode(body: Body[Any], raw: bytes) -> Any:
            if body.kind is schemas.Adjust:
                json.loads(raw)
            return decode(body, raw)

        return look_and_decode

    replace(Body, "decode", careless)
