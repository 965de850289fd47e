"""A logout with a token that is not good is refused, and ends the one whose jti it names all the same."""

from typing import Any

import jwt

from faults.patching import replace
from services.auth.api import AuthGate
from services.common.errors import Refusal
from services.common.tokens import bearer

RULE = "2.4 H: a logout revokes the caller's own token and no other"


def patch() -> None:
    """Revoke whatever was sent."""

    def thorough(owner: Any) -> Any:
        async def revoke_and_refuse(gate: AuthGate, request: Any) -> None:
            try:
                await owner(gate, request)
            except Refusal:
                told = jwt.decode(bearer(request.authorization), options={"verify_signature": False})
                await gate._sessions.revoke(told["sub"], told["jti"], told["exp"], "user_logout")
                raise

        return revoke_and_refuse

    replace(AuthGate, "owner", thorough)
