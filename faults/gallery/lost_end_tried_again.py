"""A write whose answer was lost is tried again; an end is then refused because it has been."""

from typing import Any

from faults.patching import replace
from services.common.database import Database
from services.common.errors import Refusal

RULE = "law 5: a refusal left nothing behind"


def patch() -> None:
    """Send each write that may have been once more."""

    def eager(write: Any) -> Any:
        async def write_again(database: Database, *what: Any) -> Any:
            try:
                return await write(database, *what)
            except Refusal as lost:
                if lost.code != "outcome_unknown":
                    raise
                return await write(database, *what)

        return write_again

    replace(Database, "write", eager)
