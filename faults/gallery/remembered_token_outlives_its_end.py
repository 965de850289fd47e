"""A token whose signature was checked once is good for as long as that is remembered."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.common.tokens import LATEST, TokenVerifier

RULE = "3.3 H: nothing lets an expired token in"


def patch() -> None:
    """Remember it as one without an end."""

    def forgetful(check: Any) -> Any:
        async def check_once(verifier: TokenVerifier, token: str) -> Any:
            return changed(await check(verifier, token), expires_at=float(LATEST))

        return check_once

    replace(TokenVerifier, "_verify_signature", forgetful)
