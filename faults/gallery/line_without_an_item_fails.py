"""A reservation and an adjustment look up each line's item without asking whether it names one."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: a missing field is a 400, never a 5xx; 4.5 S, 4.9 S"


def patch() -> None:
    """Take the id of each line."""

    def careless(decode: Any) -> Any:
        def decode_and_look(body: Body[Any], raw: bytes) -> Any:
            try:
                return decode(body, raw)
            finally:
                if body.kind.__name__ in ("Reserve", "Adjust") and raw.startswith(b'{"') and b'"items": [{' in raw:
                    for line in json.loads(raw)["items"]:
                        _ = line["item_id"] if isinstance(line, dict) else None

        return decode_and_look

    replace(Body, "decode", careless)
