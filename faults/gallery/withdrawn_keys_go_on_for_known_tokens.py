"""A token that was good once stays good when its key is published no more."""

from typing import Any

from faults.patching import replace
from services.common.tokens import TokenVerifier

RULE = "3.3 H: an unknown kid is a 401"


def patch() -> None:
    """Forget no token with the keys."""

    def keeping(original: Any) -> Any:
        async def verify(self: Any, token: str) -> Any:
            self._generation = self._keys.generation
            return await original(self, token)

        return verify

    replace(TokenVerifier, "verify", keeping)
