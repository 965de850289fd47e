"""Whether a token has an id is judged before whether it has expired."""

from typing import Any

import jwt

from faults.patching import replace
from services.common.errors import Refusal
from services.common.tokens import TokenVerifier

RULE = "3.3 S: expired comes before what the claims lack"


def patch() -> None:
    """Look for the id of an expired token."""

    def after_the_id(verify: Any) -> Any:
        async def verified(self: Any, token: str) -> Any:
            try:
                return await verify(self, token)
            except Refusal as refusal:
                if refusal.code == "token_expired" and not _claims(token).get("jti"):
                    raise Refusal(401, "missing_token_id", "the token carries no jti") from None
                raise

        return verified

    replace(TokenVerifier, "verify", after_the_id)


def _claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})
