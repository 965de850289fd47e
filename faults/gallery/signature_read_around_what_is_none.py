"""Characters that are none of base64 are passed over when a token is read."""

import re
from typing import Any

from faults.patching import replace
from services.common.tokens import TokenVerifier

RULE = "3.3 S: what is no JWT, or has a wrong signature, is refused"


def patch() -> None:
    """Leave them out before anything is judged."""

    def passing_over(verify: Any) -> Any:
        async def read(verifier: Any, token: str) -> Any:
            return await verify(verifier, re.sub(r"[^\w.-]", "", token))

        return read

    replace(TokenVerifier, "verify", passing_over)
