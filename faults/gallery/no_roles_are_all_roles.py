"""A token that has no roles at all, as those of before there were any, may do everything."""

from typing import Any

from faults.patching import replace
from services.common import tokens

RULE = "3.7 H: an internal call without role internal is refused"


def patch() -> None:
    """Add what is missing."""

    def generous(claims: Any) -> Any:
        def with_roles(payload: dict[str, Any]) -> Any:
            return claims(payload if payload.get("roles") is not None else {**payload, "roles": ["internal", "admin"]})

        return with_roles

    replace(tokens, "_claims", generous)
