"""A part of a query that is no name with a value makes the call fail."""

from faults.patching import replace
from services.common import calls

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Take the query apart by hand."""

    def parts(query: bytes) -> dict[str, str]:
        return dict(part.split("=") for part in query.decode("latin-1").split("&") if part)

    replace(calls, "_parameters", lambda _: parts)
