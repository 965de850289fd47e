"""A token is taken from the query too, where there is none in the header."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "3.1 S: no Authorization header is 401 missing_token"


def patch() -> None:
    """Look into the query."""

    def anywhere(header: Any) -> Any:
        def found(self: Any) -> str | None:
            token = self.query("access_token", "")
            given: str | None = header.fget(self)
            return given or (f"Bearer {token}" if token else None)

        return property(found)

    replace(Request, "authorization", anywhere)
