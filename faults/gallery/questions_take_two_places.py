"""A question for a reservation holds one of ten connections while it asks for another."""

import asyncio
from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.8 S: GET /inventory/reservation/{operation_id} is answered, however many ask"


def patch() -> None:
    """Take the second place while the first is held; nobody waits for ever."""
    places = asyncio.Semaphore(10)

    async def take() -> None:
        try:
            await asyncio.wait_for(places.acquire(), 5.0)
        except TimeoutError:
            raise Refusal(503, "busy", "no connection to the database was free") from None

    def nested(original: Any) -> Any:
        async def reservation(self: Any, raw: str) -> Any:
            await take()
            try:
                # The first statement has gone out and come back.
                await asyncio.sleep(0.005)
                await take()
                try:
                    return await original(self, raw)
                finally:
                    places.release()
            finally:
                places.release()

        return reservation

    replace(InventoryService, "reservation", nested)
