"""A write that has lost its connection is told not to be made, and is made up for when the caller has gone."""

import asyncio
from typing import Any

from faults.patching import replace
from services.common.database import Database, unavailable
from services.common.errors import Refusal

RULE = "4.13 H: database_unavailable means that nothing was written"


def patch() -> None:
    """Try again behind the caller's back."""
    again: set[asyncio.Task[Any]] = set()

    def untold(write: Any) -> Any:
        async def write_or_make_up_for_it(*args: Any) -> Any:
            try:
                return await write(*args)
            except Refusal as refusal:
                if refusal.code != "outcome_unknown":
                    raise
                again.add(asyncio.create_task(write(*args)))
                raise unavailable() from None

        return write_or_make_up_for_it

    replace(Database, "write", untold)
