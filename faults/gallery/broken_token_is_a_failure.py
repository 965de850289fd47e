"""The header of a token that is no JSON is a failure instead of a refusal."""

import base64
import json
from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.3 S: not a JWT is a 401"


def patch() -> None:
    """Read the header without looking at it first."""

    def careless(read: Any) -> Any:
        def read_any(token: str) -> Any:
            if token.count(".") == 2:
                head = token.partition(".")[0]
                json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
            return read(token)

        return read_any

    replace(tokens, "_read", careless)
