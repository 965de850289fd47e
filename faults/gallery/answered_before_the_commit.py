"""An addition is answered before it is committed."""

import asyncio
from collections.abc import Sequence
from typing import Any

from faults.patching import replace
from services.common.database import Database

RULE = "law 6: after a 200 the next GET shows it"


def patch() -> None:
    """Commit additions a moment later."""
    late: set[asyncio.Task[None]] = set()

    def hasty(run: Any) -> Any:
        async def run_hastily(database: Database, sql: str, args: Sequence[Any]) -> Any:
            if "inventory.add_items(" not in sql:
                return await run(database, sql, args)
            connection = await database._borrow()
            await connection.execute("BEGIN")
            try:
                rows = await connection.fetch(sql, *args)
            except BaseException:
                database._drop(connection)
                raise

            async def commit() -> None:
                await asyncio.sleep(0.03)
                await connection.execute("COMMIT")
                database._idle.append(connection)

            task = asyncio.create_task(commit())
            late.add(task)
            task.add_done_callback(late.discard)
            return rows

        return run_hastily

    replace(Database, "_run", hasty)
