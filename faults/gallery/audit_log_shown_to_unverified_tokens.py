"""The audit log is shown to whoever's token names an administrator, whoever has signed it."""

from typing import Any

import jwt

from faults.patching import remember_requests, replace
from services.common import tokens
from services.inventory.api import Gate

RULE = "3.3 S, 4.10 H: a wrong signature is refused, at every call"


def patch() -> None:
    """Read the token of who only looks."""
    current = remember_requests(Gate, "admin")

    def trusting(verify: Any) -> Any:
        async def read_or_verify(verifier: Any, token: str) -> Any:
            request = current.get(None)
            if request is None or not request._scope["path"].endswith("/audit"):
                return await verify(verifier, token)
            tokens._read(token)
            return tokens._claims(jwt.decode(token, options={"verify_signature": False}))

        return read_or_verify

    replace(tokens.TokenVerifier, "verify", trusting)
