"""Headers are read as UTF-8: one that holds other bytes is a failure of the service."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Decode what others send as if it were ours."""

    def strict(text: str | None) -> str | None:
        return text and text.encode("latin-1").decode()

    replace(Request, "header", lambda read: lambda request, name: strict(read(request, name)))
    replace(Request, "authorization", _property_of(strict))


def _property_of(judge: Any) -> Any:
    return lambda joined: property(lambda request: judge(joined.fget(request)))
