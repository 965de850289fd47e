"""A body of exactly 1 MiB of which the end has not come yet is taken for a larger one."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "4.1 H: a body of 1 MiB is taken"


def patch() -> None:
    """Judge what is there while more may come."""

    def eager(original: Any) -> Any:
        def checked(content: Any) -> Any:
            if isinstance(content, bytearray) and len(content) >= calls.MAX_BODY:
                raise calls._too_large()
            return original(content)

        return checked

    replace(calls, "_checked", eager)
