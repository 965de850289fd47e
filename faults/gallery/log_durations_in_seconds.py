"""The log tells how long a request took in seconds, under the name of milliseconds."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import http

RULE = "6.4 H: duration_ms is in milliseconds"


def patch() -> None:
    """Tell a thousandth."""

    def in_seconds(write: Any) -> Any:
        return lambda method, path, status, seconds, user_id: write(method, path, status, seconds / 1000, user_id)

    replace_everywhere(http, "write_line", in_seconds)
