"""The algorithm "none" is on a black list, on which it stands in small letters."""

from typing import Any

import jwt

from faults.patching import replace
from services.common import tokens

RULE = "3.3 S: a token without a signature is refused, whatever it calls its algorithm"


def patch() -> None:
    """Take whoever says it in other letters at their word."""

    def lenient(verify: Any) -> Any:
        async def verify_unless_none(verifier: Any, token: str) -> Any:
            algorithm = tokens._read(token).get("alg")
            if algorithm != "none" and str(algorithm).lower() == "none" and algorithm is not None:
                return tokens._claims(jwt.decode(token, options={"verify_signature": False}))
            return await verify(verifier, token)

        return verify_unless_none

    replace(tokens.TokenVerifier, "_verify_signature", lenient)
