"""What stands alone in a list is taken for itself."""

import contextlib
import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: a wrong type is a 400"


def patch() -> None:
    """Unpack texts before the body is looked at."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items()}
        if isinstance(value, list):
            return value[0] if len(value) == 1 and isinstance(value[0], str) else [plain(one) for one in value]
        return value

    def unpacking(original: Any) -> Any:
        def decode(self: Any, raw: bytes) -> Any:
            with contextlib.suppress(ValueError, RecursionError):
                raw = json.dumps(plain(json.loads(raw))).encode()
            return original(self, raw)

        return decode

    replace(Body, "decode", unpacking)
