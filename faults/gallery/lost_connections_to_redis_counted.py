"""Connections to Redis are counted when they are made, and again when a lost one is made anew."""

from typing import Any

from redis.asyncio import Connection

from faults.patching import replace
from services.inventory.store import Store

RULE = "6.2 S: gauges come back down"


def patch() -> None:
    """Count every connection there ever was."""
    made: list[Connection] = []

    def counting(connect: Any) -> Any:
        async def connect_and_count(connection: Connection, **how: Any) -> None:
            await connect(connection, **how)
            made.append(connection)

        return connect_and_count

    replace(Connection, "on_connect_check_health", counting)
    replace(Store, "connections", lambda _: lambda _store: float(len(made)))
