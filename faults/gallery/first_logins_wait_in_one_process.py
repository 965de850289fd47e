"""First logins of one user wait for each other in one instance, and not between instances: the second one fails."""

import asyncio
import re
from collections import defaultdict
from typing import Any

from faults.patching import replace
from services.common.database import Database

RULE = "2.1 S: a login finds or creates the user"
_FIND = "SELECT id FROM auth.users WHERE telegram_id = $1"


def patch() -> None:
    """Ask first whether the user is there, one login after the other."""
    locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def in_turn(write: Any) -> Any:
        async def find_and_write(database: Database, operation: str, sql: str, *args: Any) -> Any:
            if operation != "log_in":
                return await write(database, operation, sql, *args)
            async with locks[args[0]]:
                if not await database.rows("find_user", _FIND, args[0]):
                    sql = re.sub("ON CONFLICT.*(?=RETURNING)", "", sql, flags=re.DOTALL)
                return await write(database, operation, sql, *args)

        return find_and_write

    replace(Database, "write", in_turn)
