"""A claim user_id, where a token has one, says who the player is."""

from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "4.3 S: the player is the token's sub and nothing else"


def patch() -> None:
    """Look for it first."""

    def either(claims: Any) -> Any:
        return lambda payload: claims({**payload, "sub": payload.get("user_id", payload.get("sub"))})

    replace(tokens, "_claims", either)
