"""A parameter is found at the beginning of a query only; another one before it hides it."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "4.3 S: section names the section; an unknown one is refused"


def patch() -> None:
    """Look at the beginning."""

    def at_first(find: Any) -> Any:
        def found(self: Any, name: str, default: str) -> str:
            is_first = self._scope["query_string"].startswith(name.encode())
            text: str = find(self, name, default) if is_first else default
            return text

        return found

    replace(Request, "query", at_first)
