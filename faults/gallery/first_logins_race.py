"""Two first logins of one user at one instant both make the user, and the second one fails."""

import re
from typing import Any

from faults.patching import replace
from services.common.database import Database

RULE = "2.1 S: a login finds or creates the user"
_FIND = "SELECT id FROM auth.users WHERE telegram_id = $1"


def patch() -> None:
    """Ask first whether the user is there."""

    def in_steps(write: Any) -> Any:
        async def find_and_write(database: Database, operation: str, sql: str, *args: Any) -> Any:
            if operation == "log_in" and not await database.rows("find_user", _FIND, args[0]):
                sql = re.sub("ON CONFLICT.*(?=RETURNING)", "", sql, flags=re.DOTALL)
            return await write(database, operation, sql, *args)

        return find_and_write

    replace(Database, "write", in_steps)
