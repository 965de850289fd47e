"""A role that begins like an administrator's opens what administrators may."""

import dataclasses
from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.7 H: an admin call without role admin is refused"


def patch() -> None:
    """Look for the word in the roles."""

    def lenient(claims: Any) -> Any:
        def claims_with_any_role(payload: dict[str, Any]) -> tokens.Claims:
            found: tokens.Claims = claims(payload)
            text = str(payload.get("roles"))
            more = {role for role in ("admin", "internal") if role in text}
            return dataclasses.replace(found, roles=found.roles | more)

        return claims_with_any_role

    replace(tokens, "_claims", lenient)
