"""Members of a body are known in any case, as Go's encoding/json does it."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 H: what can be read in two ways is refused"


def patch() -> None:
    """Make all names small before the body is read."""

    def small(decode: Any) -> Any:
        def decode_small(body: Any, raw: bytes) -> Any:
            try:
                made = json.loads(raw, object_hook=lambda one: {name.lower(): value for name, value in one.items()})
            except ValueError:
                return decode(body, raw)
            return decode(body, json.dumps(made).encode())

        return decode_small

    replace(Body, "decode", small)
