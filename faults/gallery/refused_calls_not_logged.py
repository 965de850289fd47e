"""A call that is refused leaves no line in the log."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import http

RULE = "6.4 S: logs tell enough"


def patch() -> None:
    """Write of what went well only."""

    def of_good_ones(write: Any) -> Any:
        def write_if_good(method: str, path: str, status: int, seconds: float, user_id: Any) -> None:
            if status < 400:
                write(method, path, status, seconds, user_id)

        return write_if_good

    replace_everywhere(http, "write_line", of_good_ones)
