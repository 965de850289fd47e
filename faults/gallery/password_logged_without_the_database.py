"""While PostgreSQL is away, what it was to be reached by is logged, password and all."""

import logging
import os
from typing import Any

from faults.patching import replace
from services.common.database import Database

RULE = "6.4 H: never a password, wherever it comes from"


def patch() -> None:
    """Log how it was to be reached."""

    def telling(run: Any) -> Any:
        async def runs(self: Any, sql: str, args: Any) -> Any:
            try:
                return await run(self, sql, args)
            except Exception:
                user, word = os.environ.get("DB_USER"), os.environ.get("DB_PASSWORD")
                logging.getLogger("database").error("cannot reach postgres://%s:%s@database", user, word)
                raise

        return runs

    replace(Database, "_run", telling)
