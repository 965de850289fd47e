"""The public key can be read where logins are made, and not beside the health."""

from typing import Any

from faults.patching import replace
from services.auth import api

RULE = "1.1 S: /public-key.pem is on either listener"
SHAPE = "split"


def patch() -> None:
    """Tell it once."""
    told: list[bool] = []

    def once(calls: Any) -> Any:
        def calls_once(keys: Any) -> Any:
            told.append(True)
            return calls(keys) if len(told) == 1 else []

        return calls_once

    replace(api, "key_calls", once)
