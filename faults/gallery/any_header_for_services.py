"""Services and administrators are let in by the last word of the Authorization header, whatever stands before it."""

from typing import Any

from faults.patching import replace
from services.inventory import api

RULE = "3.2 S: not `Bearer <token>` is refused"


def patch() -> None:
    """Make it a good one before anybody looks."""

    class Lenient:
        """A request whose header is always in its form."""

        def __init__(self, request: Any) -> None:
            self._request = request
            self.authorization = f"Bearer {request.authorization.split()[-1]}"

        def __getattr__(self, name: str) -> Any:
            return getattr(self._request, name)

    def generous(caller_of: Any) -> Any:
        async def caller_of_any(gate: api.Gate, request: Any) -> Any:
            return await caller_of(gate, Lenient(request) if request.authorization else request)

        return caller_of_any

    replace(api.Gate, "_caller", generous)
