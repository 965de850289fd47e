"""Calls of services are refused when they come without a request id."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.api import Gate

RULE = "4.4 S: a good call is answered 200, and a request id is none of its parts"


def patch() -> None:
    """Ask for one."""

    def picky(guard: Any) -> Any:
        async def named_only(gate: Any, request: Any) -> None:
            if request.header(b"x-request-id") is None:
                raise Refusal(400, "validation_failed", "X-Request-ID is missing")
            await guard(gate, request)

        return named_only

    replace(Gate, "internal", picky)
