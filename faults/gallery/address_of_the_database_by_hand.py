"""The address of the database is put together from the settings, and nothing in it is escaped."""

from typing import Any

import asyncpg

from faults.patching import replace

RULE = "6.7 S: DB_PASSWORD"


def patch() -> None:
    """Connect by an address."""

    def by_address(connect: Any) -> Any:
        async def connected(*, host: str, port: int, database: str, user: str, password: str, **rest: Any) -> Any:
            return await connect(f"postgresql://{user}:{password}@{host}:{port}/{database}", **rest)

        return connected

    replace(asyncpg, "connect", by_address)
