"""A logout reads the token that is behind the first blank of its header, and fails where there is none."""

from typing import Any

from faults.patching import replace
from services.auth.api import AuthGate

RULE = "2.4 H: a logout without a token is refused, and is no failure"


def patch() -> None:
    """Split the header."""

    def splitting(owner: Any) -> Any:
        async def owner_of(gate: AuthGate, request: Any) -> None:
            (request.authorization or "").split(" ")[1]
            await owner(gate, request)

        return owner_of

    replace(AuthGate, "owner", splitting)
