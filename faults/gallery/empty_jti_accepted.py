"""A token whose jti is empty is let in."""

import dataclasses
from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.4 S: no jti, or an empty one, is refused"


def patch() -> None:
    """Take an empty jti for one."""

    def lenient(claims: Any) -> Any:
        def claims_with_any_jti(payload: dict[str, Any]) -> tokens.Claims:
            found: tokens.Claims = claims(payload)
            return dataclasses.replace(found, jti="") if payload.get("jti") == "" else found

        return claims_with_any_jti

    replace(tokens, "_claims", lenient)
