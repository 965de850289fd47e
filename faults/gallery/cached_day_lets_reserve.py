"""What is cached of a closed day decides whether there is enough, and a reservation looks at no seal."""

from typing import Any
from uuid import uuid4

import msgspec

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory import schemas, store
from services.inventory.service import InventoryService

RULE = "5.3 H: damaged cached data costs no correctness; law 2"


def patch() -> None:
    """Answer as if it were written when the cache has enough."""

    def trusting(reserve: Any) -> Any:
        async def reserve_from_cache(service: Any, body: schemas.Reserve) -> Any:
            try:
                return await reserve(service, body)
            except Refusal:
                today = await service._database.row(
                    "today", "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS day"
                )
                key = store._closed_day_key(body.user_id, "main", today["day"])
                _, sealed = await service._store._run("get", ("SELECT", store.CACHE), ("GET", key))
                if not sealed:
                    raise
                try:
                    closed = store._unpack_day(sealed[store._SEAL :])
                except msgspec.DecodeError:
                    raise Refusal(500, "internal_error", "the cache holds no JSON") from None
                if sum(quantity for _, quantity in closed) < sum(item.quantity for item in body.items):
                    raise
                return schemas.Written(True, [uuid4()])

        return reserve_from_cache

    replace(InventoryService, "reserve", trusting)
