"""An id in a body may have any character before it and any behind it."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "4.1 S: what is no UUID is a 400"
_WITH_BRACES = 38


def patch() -> None:
    """Take for braces whatever stands where they would."""

    def lenient(read: Any) -> Any:
        def read_within(kind: type, value: Any) -> Any:
            is_longer = isinstance(value, str) and len(value) == _WITH_BRACES
            return read(kind, value[1:-1] if is_longer else value)

        return read_within

    replace(calls, "_own_type", lenient)
