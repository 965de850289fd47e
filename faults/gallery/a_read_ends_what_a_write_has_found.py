"""Any statement that succeeds, a read too, ends what is known of a database that cannot be written."""

from typing import Any

from faults.patching import replace
from services.common.database import Database

RULE = "6.1 H: a database that cannot be written turns readiness red"


def patch() -> None:
    """Forget it after each statement."""

    def forgetting(original: Any) -> Any:
        async def rows(self: Any, *args: Any) -> Any:
            found = await original(self, *args)
            self._cannot_write_until = 0.0
            return found

        return rows

    replace(Database, "rows", forgetting)
