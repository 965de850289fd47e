"""A body is read strictly only where a name stands twice in its text, letter by letter."""

import re
from collections.abc import Callable
from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "4.1 H: a member that stands twice"
_NAME = re.compile(rb'"([^"]*)"\s*:')


def patch() -> None:
    """Save the second reading where it looks needless."""

    def mostly(strict: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
        def read(raw: bytes) -> Any:
            names = _NAME.findall(raw)
            return strict(raw) if len(set(names)) < len(names) else None

        return read

    replace(calls, "strict_json", mostly)
