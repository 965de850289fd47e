"""Whatever role a token has, it needs no telegram_id."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.6 H, 3.7 H: a token of a player, with whatever role, carries telegram_id"


def patch() -> None:
    """Take anybody with a role for somebody who plays nothing."""

    def lenient(original: Any) -> Any:
        def claims(payload: dict[str, Any]) -> Any:
            found = original(payload)
            return changed(found, has_telegram_id=True) if found.roles else found

        return claims

    replace(tokens, "_claims", lenient)
