"""Each line in the log names the path ``/``."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import http

RULE = "6.4 H: a line has method, path, status, duration_ms and user_id"


def patch() -> None:
    """Forget where the call went."""

    def at_the_root(write: Any) -> Any:
        return lambda method, _, *more: write(method, "/", *more)

    replace_everywhere(http, "write_line", at_the_root)
