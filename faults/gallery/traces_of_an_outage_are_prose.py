"""Who cannot reach PostgreSQL prints a trace into the log, as it is."""

import sys
import traceback
from typing import Any

from faults.patching import replace
from services.common.database import Database

RULE = "6.4 H: one JSON object a line"


def patch() -> None:
    """Print the trace."""

    def telling(run: Any) -> Any:
        async def runs(self: Any, sql: str, args: Any) -> Any:
            try:
                return await run(self, sql, args)
            except Exception:
                traceback.print_exc(file=sys.stdout)
                sys.stdout.flush()
                raise

        return runs

    replace(Database, "_run", telling)
