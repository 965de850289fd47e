"""A read sums all rows that the player ever had."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "5.2 S: the cost of a read does not grow with the length of the history"
SUM = """SELECT item_id, collection_id, quality_level_id, sum(quantity_change), max(comment) FROM inventory.operations
         WHERE user_id = $1 AND section_id = $2 GROUP BY 1, 2, 3"""


def patch() -> None:
    """Sum before each read."""

    def thorough(read: Any) -> Any:
        async def sum_and_read(service: InventoryService, user: Any, code: str, section: Any, *rest: Any) -> Any:
            await service._database.rows("read_section", SUM, user, section)
            return await read(service, user, code, section, *rest)

        return sum_and_read

    replace(InventoryService, "inventory", thorough)
