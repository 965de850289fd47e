"""Whoever became an administrator is let in with a token that does not say so."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import tokens

RULE = "3.7 H: an admin call without role admin is refused"


def patch() -> None:
    """Ask the database alone."""

    def by_database(_: Any) -> Any:
        async def require(caller: tokens.Caller, database: Any) -> None:
            if not await tokens.is_administrator(caller.user_id, database):
                raise tokens.forbidden()

        return require

    replace_everywhere(tokens, "require_administrator", by_database)
