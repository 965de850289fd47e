"""A read asks the database once for each variant that the player ever had."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "5.2 S: the cost of a read does not grow with the history"
EVER = """SELECT DISTINCT item_id, collection_id, quality_level_id FROM inventory.operations
          WHERE user_id = $1 AND section_id = $2"""
EACH = """SELECT quantity FROM inventory.daily_balances WHERE user_id = $1 AND section_id = $2 AND item_id = $3
          AND collection_id = $4 AND quality_level_id = $5 ORDER BY balance_date DESC LIMIT 1"""


def patch() -> None:
    """Ask for the snapshot of each variant."""

    def thorough(read: Any) -> Any:
        async def read_each(service: InventoryService, user: Any, code: str, section: Any, *rest: Any) -> Any:
            for row in await service._database.rows("read_section", EVER, user, section):
                await service._database.rows("read_section", EACH, user, section, *row)
            return await read(service, user, code, section, *rest)

        return read_each

    replace(InventoryService, "inventory", thorough)
