"""Whose token says administrator is one until it expires."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import tokens
from services.common.tokens import Caller, forbidden

RULE = "2.13 H: an administrator who is deactivated, demoted or deleted can do nothing that only administrators may"


def patch() -> None:
    """Ask the token alone."""

    def by_token(_: Any) -> Any:
        async def require(caller: Caller, __: Any) -> None:
            if "admin" not in caller.roles:
                raise forbidden()

        return require

    replace_everywhere(tokens, "require_administrator", by_token)
