"""A connection on which PostgreSQL has said its last word is used again."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from faults.patching import replace
from services.common.database import Database

RULE = "4.13 H: a 503 says which it is, whatever became of a connection"


def patch() -> None:
    """Tell every error of PostgreSQL's as one of the service."""

    def careless(_: Any) -> Any:
        async def run(database: Database, sql: str, args: Sequence[Any]) -> Any:
            await database._places.enter()
            try:
                connection = database._idle.pop() if database._idle else await database._borrow()
                try:
                    return await connection.fetch(sql, *args)
                except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    raise RuntimeError("the database said no") from error
                finally:
                    database._idle.append(connection)
            finally:
                database._places.leave()

        return run

    replace(Database, "_run", careless)
