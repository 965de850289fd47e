"""Of lines that name one item in capitals and otherwise, the last one alone counts."""

import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.5 S, 4.9 S: the same variant named twice counts as its sum"


def patch() -> None:
    """Let a later spelling take the place of an earlier one."""

    def last(items: list[Any]) -> list[Any]:
        names = [line["item_id"] for line in items]
        return [one for i, one in enumerate(items)
                if not any(a.lower() == names[i].lower() and a != names[i] for a in names[i + 1 :])]  # fmt: skip

    def forgetting(original: Any) -> Any:
        def decode(self: Any, raw: bytes) -> Any:
            body = original(self, raw)
            if hasattr(body, "items"):
                said = json.loads(raw)
                raw = json.dumps({**said, "items": last(said["items"])}).encode()
            return original(self, raw)

        return decode

    replace(Body, "decode", forgetting)
