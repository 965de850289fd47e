"""The line of a call that failed says 200: its status is taken before the failure is answered."""

from typing import Any

from faults.patching import replace
from services.common import http

RULE = "6.4 H: a request's line has its status"


def patch() -> None:
    """Write another status."""

    def rosy(write: Any) -> Any:
        def written(method: str, path: str, status: int, *others: Any) -> None:
            write(method, path, 200 if status >= 500 else status, *others)

        return written

    replace(http, "write_line", rosy)
