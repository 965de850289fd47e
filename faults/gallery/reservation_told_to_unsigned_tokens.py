"""Whoever asks for a reservation is let in by what the token says, whoever signed it and whenever it ended."""

from typing import Any

import jwt

from faults.patching import remember_requests, replace
from services.common import tokens
from services.inventory.api import Gate

RULE = "3.3 S: a wrong or missing signature is refused, at every call"


def patch() -> None:
    """Read the token of who only looks."""
    current = remember_requests(Gate, "internal")

    def trusting(verify: Any) -> Any:
        async def read_or_verify(verifier: Any, token: str) -> Any:
            request = current.get(None)
            if request is None or "/reservation/" not in request._scope["path"]:
                return await verify(verifier, token)
            tokens._read(token)
            return tokens._claims({"exp": 0, **jwt.decode(token, options={"verify_signature": False})})

        return read_or_verify

    replace(tokens.TokenVerifier, "verify", trusting)
