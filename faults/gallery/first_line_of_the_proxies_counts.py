"""Of several X-Forwarded-For lines the first one counts, which is the caller's own."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "2.9 H: addresses behind a trusted proxy are told apart by its header, and nobody else's counts"


def patch() -> None:
    """Take the first line, where there are two."""

    def by_first_line(original: Any) -> Any:
        def client_host(request: Request) -> Any:
            lines = [value for name, value in request._scope["headers"] if name == b"x-forwarded-for"]
            return lines[0].decode() if len(lines) > 1 else original.fget(request)

        return property(client_host)

    replace(Request, "client_host", by_first_line)
