"""A token that names no algorithm has none that could be wrong, and is taken as it is."""

from typing import Any

import jwt

from faults.patching import replace
from services.common import tokens

RULE = "3.3 S: a token without a signature is refused"


def patch() -> None:
    """Look at the signature where there is an algorithm."""

    def lenient(verify: Any) -> Any:
        async def verify_if_told_how(verifier: Any, token: str) -> Any:
            if not tokens._read(token).get("alg"):
                return tokens._claims(jwt.decode(token, options={"verify_signature": False}))
            return await verify(verifier, token)

        return verify_if_told_how

    replace(tokens.TokenVerifier, "_verify_signature", lenient)
