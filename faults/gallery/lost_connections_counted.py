"""Connections to the database are counted when they are made, and again when a lost one is made anew."""

from typing import Any

from faults.patching import replace
from services.common.database import Database

RULE = "6.2 S: gauges come back down"


def patch() -> None:
    """Count every connection there ever was."""
    made = set()

    def counting(borrow: Any) -> Any:
        async def borrow_and_count(database: Database) -> Any:
            connection = await borrow(database)
            made.add(connection)
            return connection

        return borrow_and_count

    replace(Database, "_borrow", counting)
    replace(Database, "connections", lambda _: lambda _database: len(made))
