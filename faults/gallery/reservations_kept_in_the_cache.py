"""Which reservations there are is known from Redis alone."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService, _no_reservation

RULE = "5.3 S, 4.8 S: losing cached data costs speed, never correctness"


def patch() -> None:
    """Note each for a day, and ask for the note first."""

    def noting(reserve: Any) -> Any:
        async def reserve_and_note(service: InventoryService, body: Any) -> Any:
            answer = await reserve(service, body)
            await service._store._redis.set(f"reservation:{body.operation_id}", "active", ex=86400)
            return answer

        return reserve_and_note

    def asking(call: Any) -> Any:
        async def ask_and_call(service: InventoryService, asked: Any, *rest: Any) -> Any:
            operation = getattr(asked, "operation_id", asked)
            if not await service._store._redis.exists(f"reservation:{operation}"):
                raise _no_reservation(operation, reservation_exists=False)
            return await call(service, asked, *rest)

        return ask_and_call

    replace(InventoryService, "reserve", noting)
    replace(InventoryService, "reservation", asking)
    replace(InventoryService, "_end", asking)
