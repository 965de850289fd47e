"""Whether the service's dependencies answer (contract, section 6: health)."""

import asyncio
from typing import Any

from services.common.database import Database
from services.common.http import health_report
from services.common.watching import for_ever
from services.inventory import metrics
from services.inventory.keys import PublicKeys
from services.inventory.store import Store

VERSION = "1.0.0"


class Health:
    """Asks PostgreSQL and Redis. The auth service's state is told, but its absence does not take us down."""

    def __init__(self, database: Database, store: Store, keys: PublicKeys, watch_seconds: float) -> None:
        self._database = database
        self._store = store
        self._keys = keys
        self._watch_seconds = watch_seconds

    async def report(self) -> tuple[int, dict[str, Any]]:
        """Return the HTTP status and body of a readiness probe."""
        postgres, redis = await asyncio.gather(self._database.answers(), self._store.answers())
        states = {"postgres": postgres, "redis": redis, "auth": self._keys.healthy}
        for name, healthy in states.items():
            metrics.dependency_health.labels(name).set(healthy)
        return health_report(VERSION, states, ready=postgres and redis)

    async def watch(self) -> None:
        """Keep the dependency gauges current for ever."""
        await for_ever(self.report, self._watch_seconds)
