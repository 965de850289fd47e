"""Answers are kept by the words of their query, and a write drops those of the usual ones."""

from typing import Any

from faults import caching
from faults.patching import remember_requests, replace
from services.inventory.api import Gate
from services.inventory.service import InventoryService

RULE = "law 6, 4.3 S: no cache serves an older balance"


def patch() -> None:
    """Keep whole balances under the query."""
    current = remember_requests(Gate, "player")

    def by_query(cached: Any) -> Any:
        def cached_by_query(read: Any, pause: float) -> Any:
            async def read_cached(service: InventoryService, user: Any, code: str, *rest: Any) -> Any:
                async def read_section(service: InventoryService, user: Any, _: str, *rest: Any) -> Any:
                    return await read(service, user, code, *rest)

                query = current.get()._scope["query_string"].decode()
                return await cached(read_section, pause)(service, user, query, *rest)

            return read_cached

        return cached_by_query

    def of_queries(drop: Any) -> Any:
        return lambda service, user, sections: drop(service, user, ["", *(f"section={one}" for one in sections)])

    replace(caching, "_cached", by_query)
    replace(caching, "_drop", of_queries)
    caching.cache_balances()
