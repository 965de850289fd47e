"""A call that fails leaves no line: it is written once all went well."""

from typing import Any

from faults.patching import replace
from services.common import http

RULE = "6.4 S: logs tell enough"


def patch() -> None:
    """Write no line of a failure."""

    def of_the_good(write: Any) -> Any:
        def written(method: str, path: str, status: int, *others: Any) -> None:
            if status < 500:
                write(method, path, status, *others)

        return written

    replace(http, "write_line", of_the_good)
