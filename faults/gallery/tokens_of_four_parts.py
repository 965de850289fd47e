"""Whatever stands behind a token's third part is dropped."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import tokens

RULE = "3.3 S: what is no JWT is refused"


def patch() -> None:
    """Look at three parts alone."""

    def three(original: Any) -> Any:
        def bearer(authorization: str | None) -> str:
            return ".".join(original(authorization).split(".")[:3])

        return bearer

    replace_everywhere(tokens, "bearer", three)
