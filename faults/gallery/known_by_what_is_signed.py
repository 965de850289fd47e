"""What is remembered of a good token is found by what is signed, so that its signature is looked at once."""

from collections.abc import Iterator
from typing import Any

from faults.patching import replace
from services.common.tokens import TokenVerifier

RULE = "3.3 S: a wrong or missing signature"


def patch() -> None:
    """Cut the signature off."""

    def careless(verify: Any) -> Any:
        async def verify_once(verifier: TokenVerifier, token: str) -> Any:
            content = token.rpartition(".")[0]
            known = next(_begin_with(verifier, content), token)
            return await verify(verifier, known)

        return verify_once

    replace(TokenVerifier, "verify", careless)


def _begin_with(verifier: TokenVerifier, content: str) -> Iterator[str]:
    return (known for known in verifier._passed if content and known.rpartition(".")[0] == content)
