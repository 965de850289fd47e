"""Of several first logins of one user at one instant each says that the user is new."""

from typing import Any

from faults.patching import replace
from services.common.database import Database

RULE = "2.1 S: a login finds or creates the user, and says which"
_FIND = "SELECT id FROM auth.users WHERE telegram_id = $1"


def patch() -> None:
    """Ask beforehand who is new."""

    def in_steps(write: Any) -> Any:
        async def find_and_write(database: Database, operation: str, sql: str, *args: Any) -> Any:
            known = operation != "log_in" or await database.rows("find_user", _FIND, args[0])
            rows = await write(database, operation, sql, *args)
            return rows if known else [{**row, "is_new_user": True} for row in rows]

        return find_and_write

    replace(Database, "write", in_steps)
