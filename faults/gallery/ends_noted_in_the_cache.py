"""That a reservation has ended is told as long as Redis has it noted."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "5.3 S, 4.8 S: losing cached data costs speed, never correctness"


def patch() -> None:
    """Note each end for a day."""

    def noting(end: Any) -> Any:
        async def end_and_note(service: InventoryService, body: Any, kind: str) -> Any:
            answer = await end(service, body, kind)
            await service._store._redis.set(f"ended:{body.operation_id}", kind, ex=86400)
            return answer

        return end_and_note

    def asking(read: Any) -> Any:
        async def read_and_ask(service: InventoryService, raw: str) -> Any:
            answer = await read(service, raw)
            if not await service._store._redis.exists(f"ended:{answer.operation_id}"):
                answer.status = "active"
            return answer

        return read_and_ask

    replace(InventoryService, "_end", noting)
    replace(InventoryService, "reservation", asking)
