"""A call that went well leaves no line in the log."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import http

RULE = "6.4 S: logs tell enough"


def patch() -> None:
    """Write of what was refused or failed only."""

    def of_bad_ones(write: Any) -> Any:
        def write_if_bad(method: str, path: str, status: int, seconds: float, user_id: Any) -> None:
            if status >= 400:
                write(method, path, status, seconds, user_id)

        return write_if_bad

    replace_everywhere(http, "write_line", of_bad_ones)
