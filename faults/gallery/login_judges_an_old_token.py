"""A login that carries a token is refused unless the token is good."""

from typing import Any

from faults.patching import replace
from services.auth.api import AuthGate

RULE = "2.1 S: a login is answered 200, whatever token comes with it"


def patch() -> None:
    """Judge the token too."""

    def with_the_token(admit: Any) -> Any:
        async def admitted(self: Any, request: Any) -> None:
            if request.authorization is not None:
                await self.owner(request)
            await admit(self, request)

        return admitted

    replace(AuthGate, "login", with_the_token)
