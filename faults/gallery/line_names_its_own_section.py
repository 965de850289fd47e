"""Items are added to the section that a line names, though only the call has one."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body
from services.inventory.schemas import AddItems

RULE = "4.1 S: unknown JSON fields are ignored"


def patch() -> None:
    """Let the last line have its way."""

    def swayed(decode: Any) -> Any:
        def decode_with_lines(kind: Any, raw: bytes) -> Any:
            body = decode(kind, raw)
            if isinstance(body, AddItems):
                body.section = json.loads(raw)["items"][-1].get("section", body.section)
            return body

        return decode_with_lines

    replace(Body, "decode", swayed)
