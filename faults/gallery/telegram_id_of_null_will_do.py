"""A player's token has to name a telegram_id, and null will do."""

import dataclasses
from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.6 S: a player's token without telegram_id is refused"


def patch() -> None:
    """Ask for its name alone."""

    def lenient(claims: Any) -> Any:
        return lambda payload: dataclasses.replace(claims(payload), has_telegram_id="telegram_id" in payload)

    replace(tokens, "_claims", lenient)
