"""A section that is named by nothing is main."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "4.1 S: an unknown section is 400"


def patch() -> None:
    """Take the default for what is blank."""

    def lenient(query: Any) -> Any:
        def query_or_default(request: Request, name: str, default: str) -> str:
            return query(request, name, default) or default

        return query_or_default

    replace(Request, "query", lenient)
