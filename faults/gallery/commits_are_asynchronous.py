"""The database acknowledges before it has written."""

from typing import Any

import asyncpg

from faults.patching import replace

RULE = "law 5: a 200 is in the ledger after a crash of any component"
PROVEN_BY = "resilience"


def patch() -> None:
    """Ask for asynchronous commits in every connection."""

    def hasty(connect: Any) -> Any:
        async def connect_hastily(*args: Any, **settings: Any) -> Any:
            told = {**settings.pop("server_settings", {}), "synchronous_commit": "off"}
            return await connect(*args, server_settings=told, **settings)

        return connect_hastily

    replace(asyncpg, "connect", hasty)
