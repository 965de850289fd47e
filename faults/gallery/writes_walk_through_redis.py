"""After each write, all keys of Redis are looked through for those of the player."""

from typing import Any

from faults.caching import WRITES
from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "5.3 S: the cache costs a write no more, however many keys others have in it"


def patch() -> None:
    """Look for the player's keys after each write."""

    def thorough(write: Any) -> Any:
        async def write_and_look(service: InventoryService, *arguments: Any) -> Any:
            answer = await write(service, *arguments)
            redis: Any = service._store._redis
            async for _ in redis.scan_iter("inventory:nobody:*", count=10):
                pass
            return answer

        return write_and_look

    for name in WRITES:
        replace(InventoryService, name, thorough)
