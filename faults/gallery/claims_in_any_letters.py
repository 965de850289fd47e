"""A token's claims are known in whatever letters their names are written; of two the last one counts."""

from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.4 S, 3.5 S, 3.6 S: what lacks jti, sub or telegram_id is refused, and a revoked jti"


def patch() -> None:
    """Read every name in small letters."""

    def folded(claims: Any) -> Any:
        return lambda payload: claims({name.lower(): value for name, value in payload.items()})

    replace(tokens, "_claims", folded)
