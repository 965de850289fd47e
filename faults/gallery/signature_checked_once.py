"""What was signed well once is taken for signed, whatever stands where the signature should."""

from typing import Any

from faults.patching import replace
from services.common.tokens import TokenVerifier

RULE = "3.3 S: a wrong or missing signature is refused"


def patch() -> None:
    """Remember tokens without their signatures."""

    def forgetful(verify: Any) -> Any:
        passed: dict[str, str] = {}

        async def verify_once(verifier: TokenVerifier, token: str) -> Any:
            signed = token.rpartition(".")[0]
            claims = await verify(verifier, passed.get(signed, token))
            passed.setdefault(signed, token)
            return claims

        return verify_once

    replace(TokenVerifier, "verify", forgetful)
