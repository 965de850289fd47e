"""A connection to Redis is used again after a look that took too long: its late answer passes for the next one's."""

import asyncio
from typing import Any

from hiredis import pack_command

from faults.patching import replace
from services.inventory.store import Store

RULE = "3.5 S: a revoked token is refused"


def patch() -> None:
    """Keep the connection whatever became of the question."""

    def kept(_: Any) -> Any:
        async def exchange(store: Store, commands: Any) -> list[Any]:
            connection = store._connection
            async with asyncio.timeout(store._seconds):
                await connection.send_packed_command(b"".join(map(pack_command, commands)), check_health=False)
                return [await connection.read_response(disconnect_on_error=False) for _ in commands]

        return exchange

    replace(Store, "_exchange", kept)
