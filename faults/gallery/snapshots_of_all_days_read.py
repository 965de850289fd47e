"""A read fetches the snapshots of all days, to pick the last ones."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "5.2 S: the cost of a read does not grow with the length of the history"
SNAPSHOTS = """SELECT item_id, collection_id, quality_level_id, balance_date, quantity FROM inventory.daily_balances
               WHERE user_id = $1 AND section_id = $2"""


def patch() -> None:
    """Fetch them before each read."""

    def thorough(read: Any) -> Any:
        async def fetch_and_read(service: InventoryService, user: Any, code: str, section: Any, *rest: Any) -> Any:
            await service._database.rows("read_section", SNAPSHOTS, user, section)
            return await read(service, user, code, section, *rest)

        return fetch_and_read

    replace(InventoryService, "inventory", thorough)
