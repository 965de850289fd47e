"""The charset of a content type is read with every query, and one without a value makes the read fail."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "4.1 S: bad input is never a 5xx"


def patch() -> None:
    """Take for granted that a name has a value."""

    def reading(query: Any) -> Any:
        def read(request: Any, name: str, default: str) -> Any:
            said = request.header(b"content-type") or b""
            [part.split(b"=")[1] for part in said.split(b";") if part.strip().startswith(b"charset")]
            return query(request, name, default)

        return read

    replace(Request, "query", reading)
