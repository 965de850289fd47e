"""Members of a body are known in whatever letters, the last of them counts."""

import contextlib
import json
from typing import Any

from faults.patching import replace
from services.common.calls import Body

RULE = "4.1 S: what a call knows is known by its name"


def patch() -> None:
    """Write all names in small letters before the body is looked at."""

    def small(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name.lower(): value for name, value in pairs}

    def reading(original: Any) -> Any:
        def decode(self: Any, raw: bytes) -> Any:
            with contextlib.suppress(ValueError, RecursionError):
                raw = json.dumps(json.loads(raw, object_pairs_hook=small)).encode()
            return original(self, raw)

        return decode

    replace(Body, "decode", reading)
