"""The jti is made a text before it is looked at, so that null is the id ``None``."""

from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.4 S: a token without jti is refused"


def patch() -> None:
    """Take any jti that is there for text."""

    def lenient(claims: Any) -> Any:
        def of_text(payload: dict[str, Any]) -> Any:
            return claims({**payload, "jti": str(payload["jti"])} if "jti" in payload else payload)

        return of_text

    replace(tokens, "_claims", lenient)
