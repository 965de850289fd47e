"""A login by Telegram looks whether its user is there, and creates them if not: the second of two at once fails."""

from typing import Any

from faults.logins import ways
from faults.patching import replace
from services.common.database import Database

RULE = "2.2 S, 2.1 S: a login finds or creates the user and is answered, however many come at once"


def patch() -> None:
    """Insert what was not found, whatever has happened meanwhile."""
    by_telegram = ways()

    def in_two_steps(write: Any) -> Any:
        async def find_and_write(database: Database, operation: str, sql: str, *args: Any) -> Any:
            find = "SELECT FROM auth.users WHERE telegram_id = $1"
            if operation == "log_in" and by_telegram() and not await database.rows("find", find, args[0]):
                start, _, rest = sql.partition("ON CONFLICT")
                sql = start + "RETURNING" + rest.rpartition("RETURNING")[2]
            return await write(database, operation, sql, *args)

        return find_and_write

    replace(Database, "write", in_two_steps)
