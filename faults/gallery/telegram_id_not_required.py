"""A player's token needs no telegram_id."""

import dataclasses
from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.6 S: a player's token without telegram_id is refused"


def patch() -> None:
    """Take it for granted."""

    def lenient(claims: Any) -> Any:
        return lambda payload: dataclasses.replace(claims(payload), has_telegram_id=True)

    replace(tokens, "_claims", lenient)
