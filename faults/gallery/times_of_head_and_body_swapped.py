"""The time for headers is given to the body, and the body's to the headers."""

from typing import Any

from faults.patching import replace
from services.common import http

RULE = "6.5 H: 10 s for headers, 30 s for a body"


def patch() -> None:
    """Hand them over in another order."""

    def swapped(limits: Any) -> Any:
        return lambda size, head, body, *more: limits(size, body, head, *more)

    replace(http, "Limits", swapped)
